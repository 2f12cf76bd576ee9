using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>What every run promises, whichever scheduler started it.</summary>
public class SchedulerRunTests
{
    private static readonly Gen<(StepCase Case, IScheduler Scheduler)> Cases =
        from c in StepCases.All
        from scheduler in Gen.Elements<IScheduler>(
            new DdpmScheduler(c.Ddpm),
            new DdimScheduler(c.Ddim),
            new DdimScheduler(c.Ddim with { Eta = 0.5 }),
            new DdimScheduler(c.Ddim with { UseClippedModelOutput = true }))
        select (c, scheduler);

    public static TheoryData<string> Schedulers() => ["DDPM", "DDIM", "DDIM with noise"];

    [Fact]
    public void A_step_may_overwrite_its_sample() => Property.Holds(Cases, given =>
    {
        (StepCase c, IScheduler scheduler) = given;
        ISchedulerRun run = scheduler.Start(c.Plan);
        int index = c.IndexIn(run);
        var elsewhere = new float[c.Shape.Length];
        float[] inPlace = c.Sample;

        run.Step(index, c.Prediction(), c.Sample, elsewhere, ScriptedNoise.Always(c.Noise));
        run.Step(index, c.Prediction(), inPlace, inPlace, ScriptedNoise.Always(c.Noise));

        Assert.Equal(elsewhere, inPlace);
    });

    [Fact]
    public void The_predicted_original_is_its_definition_clipped() => Property.Holds(Cases, given =>
    {
        (StepCase c, IScheduler scheduler) = given;
        ISchedulerRun run = scheduler.Start(c.Plan);
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.PredictOriginal(index, c.Prediction(), c.Sample, actual);

        AssertApproximate.Equal(OriginalReference.Clipped(c, (int)run.Timesteps[index]), actual);
    });

    [Fact]
    public void A_perfect_prediction_gives_the_original_back() => Property.Holds(Cases, given =>
    {
        // The noise level is that of the step, so what AddNoise mixed, a prediction of its parts takes apart.
        (StepCase c, IScheduler scheduler) = given;
        ISchedulerRun run = scheduler.Start(c.Plan);
        int index = c.IndexIn(run);
        NoiseSchedule schedule = c.Schedule.Schedule;
        int t = (int)run.Timesteps[index];
        float[] original = Array.ConvertAll(c.Sample, x => Math.Clamp(x, -0.5f, 0.5f));
        float[] noisy = new float[original.Length];
        run.AddNoise(index, original, c.Noise, noisy);
        float[] velocity = new float[original.Length];
        schedule.Velocity(original, c.Noise, t, velocity);
        float[] perfect = c.PredictionType switch
        {
            PredictionType.Epsilon => c.Noise,
            PredictionType.Sample => original,
            _ => velocity,
        };

        var actual = new float[original.Length];
        run.PredictOriginal(index, new GuidedPrediction(perfect), noisy, actual);

        // 0.5 is inside of every clipping but that of thresholds below 1, which divides by them. Dividing by sqrt(ᾱ) magnifies rounding.
        float divisor = c.Thresholding is Thresholding.Dynamic { Maximum: < 1 } dynamic ? dynamic.Maximum : 1;
        double magnified = c.PredictionType == PredictionType.Epsilon ? 1 / Math.Sqrt(schedule.AlphaBar[t]) : 1;
        double tolerance = 8 * Approximate.Roundoff * magnified * (1 + c.Noise.Max(Math.Abs)) / divisor;
        Assert.All(original.Zip(actual), pair => Assert.Equal(pair.First / divisor, pair.Second, tolerance));
    });

    [Fact]
    public void Every_image_of_a_batch_steps_as_it_would_alone() => Property.Holds(Cases, given =>
    {
        (StepCase c, IScheduler scheduler) = given;
        ISchedulerRun run = scheduler.Start(c.Plan);
        ISchedulerRun alone = scheduler.Start(c.Plan with { Shape = c.Shape.WithBatch(1) });
        int index = c.IndexIn(run);
        int image = c.Shape.ImageLength;
        var batch = new float[c.Shape.Length];
        run.Step(index, c.Prediction(), c.Sample, batch, ScriptedNoise.Always(c.Noise));

        for (int i = 0; i < c.Shape.Batch; i++)
        {
            var single = new float[image];
            Range range = (i * image)..((i + 1) * image);
            alone.Step(index, c.PredictionOf(i), c.Sample[range], single, ScriptedNoise.Always(c.Noise[range]));
            Assert.Equal(single, batch[range]);
        }
    });

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void Runs_of_one_scheduler_do_not_know_of_each_other(string name)
    {
        IScheduler scheduler = Create(name);
        var shape = new SampleShape(1, 3, 4, 4);
        float[] one = Run(scheduler.Start(new SamplingPlan(7, shape)), 1);
        float[] two = Run(scheduler.Start(new SamplingPlan(10, shape)), 2);

        // The same two, step by step in turn.
        var first = new Trial(scheduler.Start(new SamplingPlan(7, shape)), 1);
        var second = new Trial(scheduler.Start(new SamplingPlan(10, shape)), 2);
        for (int i = 0; i < 10; i++)
        {
            first.StepIfAny(i);
            second.StepIfAny(i);
        }

        Assert.Equal(one, first.Sample);
        Assert.Equal(two, second.Sample);
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void There_is_no_step_outside_of_the_plan(string name)
    {
        ISchedulerRun run = Create(name).Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 2)));
        foreach (int index in (int[])[-1, 5])
        {
            Assert.Contains("0 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => run.Step(index, new(new float[2]), new float[2], new float[2], ScriptedNoise.Constant(0, 2))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => run.AddNoise(index, new float[2], new float[2], new float[2]));
            Assert.Throws<ArgumentOutOfRangeException>(() => run.PredictOriginal(index, new(new float[2]), new float[2], new float[2]));
        }
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void What_does_not_fit_the_shape_is_refused_with_the_numbers(string name)
    {
        ISchedulerRun run = Create(name).Start(new SamplingPlan(5, new SampleShape(2, 3, 1, 1)));
        var prediction = Assert.Throws<ArgumentException>(() => run.Step(0, new(new float[5]), new float[6], new float[6], ScriptedNoise.Constant(0, 6)));
        Assert.Equal("prediction", prediction.ParamName);
        Assert.Contains("5 values", prediction.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3, 1, 1]", prediction.Message, StringComparison.Ordinal);

        var sample = Assert.Throws<ArgumentException>(() => run.Step(0, new(new float[7]), new float[7], new float[7], ScriptedNoise.Constant(0, 7)));
        Assert.Equal("sample", sample.ParamName);
        Assert.Contains("7 values", sample.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void Variance_preserving_samples_start_from_unit_noise_and_enter_the_model_as_they_are(string name)
    {
        ISchedulerRun run = Create(name).Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 2)));
        Assert.Equal(1, run.InitialNoiseScale);
        var input = new float[2];
        run.PrepareInput(0, [1.5f, -3], input);
        Assert.Equal([1.5f, -3], input);
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void A_scheduler_says_what_it_is_called(string name) => Assert.Equal(name.Split(' ')[0], Create(name).ToString());

    private static IScheduler Create(string name) => name switch
    {
        "DDPM" => new DdpmScheduler(),
        "DDIM" => new DdimScheduler(),
        _ => new DdimScheduler(new DdimOptions { Eta = 1, Clipping = SampleClipping.DynamicThreshold() }),
    };

    private static float[] Run(ISchedulerRun run, long seed)
    {
        var trial = new Trial(run, seed);
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            trial.StepIfAny(i);
        }

        return trial.Sample;
    }

    /// <summary>A generation of 48 values with a model that halves its input.</summary>
    private sealed class Trial(ISchedulerRun run, long seed)
    {
        private readonly TorchCpuNoise _noise = new(seed);

        public float[] Sample { get; } = [.. Enumerable.Range(0, 48).Select(i => (i / 24f) - 1)];

        public void StepIfAny(int index)
        {
            if (index < run.Timesteps.Count)
            {
                run.Step(index, new GuidedPrediction(Array.ConvertAll(Sample, x => x / 2)), Sample, Sample, _noise);
            }
        }
    }
}
