using System.Text.Json;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>A classifier's score in the steps of DDPM and DDIM: loops end where those of guided-diffusion end.</summary>
public class ScoreTests
{
    private static readonly SampleShape Shape = new(SchedulerVectors.Batch, SchedulerVectors.Channels, SchedulerVectors.Side, SchedulerVectors.Side);

    public static TheoryData<string> Loops() => [.. SchedulerVectors.GuidedDiffusion.EnumerateArray().Select(loop => loop.GetProperty("id").GetString()!)];

    public static TheoryData<string> Refusing() => [.. KnownSchedulers.Names.Where(name => KnownSchedulers.Create(name) is not (DdpmScheduler or DdimScheduler))];

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_guided_loop_ends_where_that_of_guided_diffusion_ends(string id)
    {
        JsonElement loop = SchedulerVectors.GuidedDiffusion.EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        ISchedulerRun run = Create(loop).Start(new SamplingPlan(1, Shape) { Timesteps = [.. loop.GetProperty("timesteps").EnumerateArray().Select(t => t.GetInt32())] });
        bool isLearned = loop.GetProperty("variance").GetString() == "LEARNED_RANGE";
        var noise = new ScriptedNoise(SchedulerVectors.NoiseRowAgain);
        float[] sample = SchedulerVectors.WideSample();
        for (int call = 0; call < run.CallCount; call++)
        {
            double timestep = run.LevelAt(call).Timestep;
            float scale = loop.GetProperty("scale").GetSingle();
            float[] prediction = SchedulerVectors.Bounded(sample, timestep);
            run.Step(
                call,
                new GuidedPrediction(isLearned ? WithVariance(prediction, sample) : prediction)
                {
                    Score = scale == 0 ? [] : Array.ConvertAll(sample, x => scale * (1 + ((float)timestep / 1000)) * Squashed(0.4f - x)),
                },
                sample,
                sample,
                noise);
        }

        Assert.Equal(loop.GetProperty("draws").GetInt32(), noise.Draws);
        SchedulerVectors.AssertEnd(loop, sample);
    }

    [Theory]
    [MemberData(nameof(Refusing))]
    public void Other_schedulers_refuse_a_score_by_their_name(string name)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, 6);
        float[] values = KnownSchedulers.Values(1);

        var error = Assert.Throws<InvalidOperationException>(() => run.Step(0, new GuidedPrediction(values) { Score = values }, values, values, new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L))));

        Assert.StartsWith(KnownSchedulers.Create(name).ToString()!, error.Message, StringComparison.Ordinal);
        Assert.Contains("DDIM", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_of_another_length_is_refused()
    {
        ISchedulerRun run = new DdimScheduler().Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 2)));
        string message = Assert.Throws<ArgumentException>(() => run.Step(0, new GuidedPrediction(new float[2]) { Score = new float[3] }, new float[2], new float[2], ScriptedNoise.Constant(0, 2))).Message;
        Assert.Contains("score has 3 values", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_alone_has_no_score()
    {
        var scheduler = new DdimScheduler(new DdimOptions
        {
            Schedule = NoiseSchedule.ScaledLinear().WithZeroTerminalSnr(),
            TimestepSpacing = TimestepSpacing.Trailing,
            PredictionType = PredictionType.Velocity,
        });
        float[] with = new float[2];
        float[] without = new float[2];
        scheduler.Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 2))).Step(0, new GuidedPrediction([0.5f, 0.25f]) { Score = [3, 4] }, [1, 2], with, ScriptedNoise.Constant(0, 2));
        scheduler.Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 2))).Step(0, new GuidedPrediction([0.5f, 0.25f]), [1, 2], without, ScriptedNoise.Constant(0, 2));
        Assert.Equal(without, with);
    }

    private static IScheduler Create(JsonElement loop)
    {
        NoiseSchedule schedule = loop.GetProperty("schedule").GetString() == "linear" ? NoiseSchedule.Linear() : NoiseSchedule.SquaredCosine();
        PredictionType type = loop.GetProperty("mean").GetString() == "EPSILON" ? PredictionType.Epsilon : PredictionType.Sample;
        SampleClipping clipping = loop.GetProperty("clips").GetBoolean() ? SampleClipping.Clamp() : SampleClipping.None;
        return loop.GetProperty("sampler").GetString() == "ddim"
            ? new DdimScheduler(new DdimOptions { Schedule = schedule, PredictionType = type, Clipping = clipping, Eta = loop.GetProperty("eta").GetDouble(), UseClippedModelOutput = true, DrawsEveryStep = true })
            : new DdpmScheduler(new DdpmOptions
            {
                Schedule = schedule,
                PredictionType = type,
                Clipping = clipping,
                DrawsEveryStep = true,
                VarianceType = loop.GetProperty("variance").GetString() switch
                {
                    "LEARNED_RANGE" => VarianceType.LearnedRange,
                    "FIXED_LARGE" => VarianceType.FixedLarge,
                    _ => VarianceType.FixedSmall,
                },
            });
    }

    // Behind each picture's prediction, its values one column to the right, brought into [-1, 1].
    private static float[] WithVariance(float[] prediction, float[] sample)
    {
        int image = Shape.ImageLength;
        var both = new float[2 * prediction.Length];
        for (int i = 0; i < prediction.Length; i++)
        {
            (int picture, int at) = Math.DivRem(i, image);
            both[(2 * picture * image) + at] = prediction[i];
            both[(((2 * picture) + 1) * image) + at] = Squashed(sample[(i / Shape.Width * Shape.Width) + ((i + Shape.Width - 1) % Shape.Width)]);
        }

        return both;
    }

    private static float Squashed(float x) => x / (1 + Math.Abs(x));
}
