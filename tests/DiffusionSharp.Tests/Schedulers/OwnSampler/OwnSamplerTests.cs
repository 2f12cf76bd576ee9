using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.OwnSampler;

/// <summary>The samplers of samples/OwnSampler, which know the library's public parts only, do what their papers say.</summary>
public class OwnSamplerTests
{
    private const int Steps = 8;

    // Some ten roundings per step of numbers up to the largest of the generation.
    private const double Tolerance = 2e-6;

    private static readonly SampleShape Shape = KnownSchedulers.Shape;

    [Fact]
    public void Gradient_estimation_steps_along_the_present_direction_less_the_one_before()
    {
        LongRun.Follows(new OwnGradientEstimationScheduler(), 12, run =>
        {
            double[] before = [];
            return (call, sample, prediction, _) =>
            {
                double length = Sigma(run, call + 1) - Sigma(run, call);
                double[] next = LongRun.Each(sample, k => sample[k] + (length * (before.Length == 0 ? prediction[k] : (2 * prediction[k]) - before[k])));
                before = prediction;
                return next;
            };
        });
    }

    // In a process of its own, because a registration is for the whole process, and other tests go through all known classes.
    [Fact]
    public Task A_class_name_of_ones_own_is_read_from_configurations_once_it_is_registered() => ChildProcess.RunAsync("register");

    /// <summary>What that process does.</summary>
    internal static void RegisterAndRead()
    {
        const string Name = "GradientEstimationOfTests";
        const string Config = $$"""{ "_class_name": "{{Name}}", "beta_schedule": "scaled_linear", "ge_gamma": 1.5, "unheard_of": 1 }""";
        Assert.Contains(Name, Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create(Config)).Message, StringComparison.Ordinal);

        SchedulerConfig.Register(Name, OwnGradientEstimationScheduler.Create);

        using var log = new RecordingLogger();
        var scheduler = Assert.IsType<OwnGradientEstimationScheduler>(SchedulerConfig.Create(Config, logger: log));
        Assert.Equal(1.5, scheduler.Options.Gamma);
        Assert.Contains("unheard_of", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Contains(Name, SchedulerConfig.KnownClasses);
        Assert.Throws<ArgumentException>(() => SchedulerConfig.Register(Name, OwnGradientEstimationScheduler.Create));
        Assert.Throws<ArgumentException>(() => SchedulerConfig.Register("DDIMScheduler", OwnGradientEstimationScheduler.Create));
    }

    [Fact]
    public void Karras_stochastic_sampler_adds_noise_before_the_call_and_corrects_from_there()
    {
        const double Gamma = 0.1;
        ISchedulerRun run = new OwnKarrasScheduler(new OwnKarrasOptions { Gamma = Gamma }).Start(new SamplingPlan(Steps, Shape));
        var noise = new ScriptedNoise(draw => KnownSchedulers.Values(50 + draw));
        float[] sample = Array.ConvertAll(KnownSchedulers.Values(1), z => z * (float)run.InitialNoiseScale);
        double[] exact = Array.ConvertAll(sample, x => (double)x);
        var input = new float[sample.Length];
        double[] slope = [];
        for (int call = 0; call < run.CallCount; call++)
        {
            double to = Sigma(run, call);
            if (call % 2 == 0)
            {
                double from = to / (1 + Gamma);
                float[] drawn = KnownSchedulers.Values(50 + (call / 2));
                exact = LongRun.Each(exact, k => exact[k] + (Math.Sqrt((to * to) - (from * from)) * drawn[k]));
            }

            run.PrepareInput(call, sample, input, noise);
            AssertClose(LongRun.Each(exact, k => exact[k] / Math.Sqrt((to * to) + 1)), input);

            double[] predicted = LongRun.Each(exact, k => Math.Tanh(exact[k] / Math.Sqrt((to * to) + 1)));
            run.Step(call, new GuidedPrediction(Array.ConvertAll(predicted, e => (float)e)), sample, sample, noise);
            double length = call % 2 == 0 ? (call + 1 < run.CallCount ? Sigma(run, call + 1) : 0) - to : to - Sigma(run, call - 1);
            exact = LongRun.Each(exact, k => exact[k] + (call % 2 == 0 ? length * predicted[k] : length / 2 * (predicted[k] - slope[k])));
            slope = predicted;
            AssertClose(exact, sample);
        }

        Assert.Equal(Steps, noise.Draws);
        Assert.Equal((2 * Steps) - 1, run.CallCount);
    }

    [Theory]
    [InlineData(0.6f)]
    [InlineData(1f)]
    public void Euler_cfg_plus_plus_goes_up_again_by_the_unconditional_noise(float scale)
    {
        var scheduler = new OwnCfgPlusPlusScheduler(new OwnCfgPlusPlusOptions { Clipping = SampleClipping.None });
        Assert.True(scheduler.NeedsUnconditional);
        ISchedulerRun run = scheduler.Start(new SamplingPlan(Steps, Shape));
        float[] sample = Array.ConvertAll(KnownSchedulers.Values(1), z => z * (float)run.InitialNoiseScale);
        double[] exact = Array.ConvertAll(sample, x => (double)x);
        for (int call = 0; call < run.CallCount; call++)
        {
            (float[] c, float[] u) = (KnownSchedulers.Values(10 + call), KnownSchedulers.Values(30 + call));
            (double from, double to) = (Sigma(run, call), Sigma(run, call + 1));
            exact = LongRun.Each(exact, k => exact[k] - (from * (u[k] + (scale * ((double)c[k] - u[k])))) + (to * u[k]));
            run.Step(call, Guided.By(scale, c, u), sample, sample, ScriptedNoise.Always(sample));
            AssertClose(exact, sample);
        }
    }

    [Fact]
    public void Euler_cfg_plus_plus_of_one_prediction_is_Euler()
    {
        ISchedulerRun run = new OwnCfgPlusPlusScheduler(new OwnCfgPlusPlusOptions { Clipping = SampleClipping.None }).Start(new SamplingPlan(Steps, Shape));
        ISchedulerRun euler = new EulerScheduler().Start(new SamplingPlan(Steps, Shape) { Sigmas = [.. Enumerable.Range(0, Steps).Select(call => Sigma(run, call))] });
        (float[] sample, float[] expected) = (KnownSchedulers.Values(1), KnownSchedulers.Values(1));
        for (int call = 0; call < Steps; call++)
        {
            float[] prediction = KnownSchedulers.Values(10 + call);
            run.Step(call, Guided.By(0.7f, prediction, prediction), sample, sample, ScriptedNoise.Always(sample));
            euler.Step(call, new GuidedPrediction(prediction), expected, expected, ScriptedNoise.Always(sample));
            AssertClose(Array.ConvertAll(expected, x => (double)x), sample);
        }
    }

    [Fact]
    public void Without_an_unconditional_prediction_cfg_plus_plus_says_what_it_needs()
    {
        ISchedulerRun run = new OwnCfgPlusPlusScheduler().Start(new SamplingPlan(Steps, Shape));
        float[] values = KnownSchedulers.Values(1);
        string message = Assert.Throws<InvalidOperationException>(() => run.Step(0, new GuidedPrediction(values), values, values, ScriptedNoise.Always(values))).Message;
        Assert.StartsWith("Own Euler CFG++ needs the unconditional prediction", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_samplers_of_ones_own_allocate_nothing()
    {
        foreach (IScheduler scheduler in (IScheduler[])[new OwnGradientEstimationScheduler(), new OwnCfgPlusPlusScheduler(), new OwnKarrasScheduler()])
        {
            StepAllocations.AreNone(scheduler);
        }
    }

    // σ of the sample before a call; 0 behind the last.
    private static double Sigma(ISchedulerRun run, int call) => call < run.CallCount ? run.LevelAt(call).Sigma / run.LevelAt(call).Alpha : 0;

    private static void AssertClose(double[] expected, float[] actual)
    {
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * largest));
    }
}
