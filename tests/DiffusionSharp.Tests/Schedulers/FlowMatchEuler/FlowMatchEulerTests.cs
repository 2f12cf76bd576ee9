using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.FlowMatchEuler;

public class FlowMatchEulerTests
{
    private static readonly SampleShape Pair = new(1, 1, 1, 2);

    [Fact]
    public void A_guided_step_goes_along_the_velocity_or_to_x_0_and_back() => Property.Holds(StepCases.All, c =>
    {
        foreach (bool stochastic in (bool[])[false, true])
        {
            var run = (ISigmaRun)new FlowMatchEulerScheduler(new FlowMatchEulerOptions { Shift = 3, IsStochastic = stochastic }).Start(new SamplingPlan(c.Steps, c.Shape));
            int index = c.IndexIn(run);
            double sigma = run.Sigmas[index];
            double next = run.Sigmas[index + 1];
            Approximate[] velocity = OriginalReference.Guided(c);
            var actual = new float[c.Shape.Length];

            run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

            AssertApproximate.Equal(
                [.. c.Sample.Select((x, i) => stochastic
                    ? (((Approximate)1 - next) * (x - (sigma * velocity[i]))) + ((Approximate)next * c.Noise[i])
                    : x + (((Approximate)next - sigma) * velocity[i]))],
                actual);
        }
    });

    // As FluxPipeline of diffusers 0.31 steps, for pictures of 64 by 64 pixels: even σ from 1, shifted by the μ of 16 tokens.
    [Theory]
    [InlineData("FluxPipeline", new[] { 1.0, 0.917229413986206, 0.8260643482208252, 0.7251594662666321, 0.6128659248352051, 0.4871401786804199, 0.3454189598560333, 0.18444235622882843, 0 })]
    [InlineData("ORTFluxPipeline", new[] { 1.0, 0.917229413986206, 0.8260643482208252, 0.7251594662666321, 0.6128659248352051, 0.4871401786804199, 0.3454189598560333, 0.18444235622882843, 0 })]
    public void The_pipelines_of_Flux_begin_with_even_sigmas(string pipeline, double[] expected)
    {
        const string Config = """
            { "_class_name": "FlowMatchEulerDiscreteScheduler", "base_image_seq_len": 256, "base_shift": 0.5, "max_image_seq_len": 4096, "max_shift": 1.15,
              "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": true }
            """;
        var run = (ISigmaRun)SchedulerConfig.Create(Config, pipelineClass: pipeline).Start(new SamplingPlan(8, new SampleShape(1, 16, 8, 8)));
        Assert.All(expected.Zip(run.Sigmas), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        Assert.False(((FlowMatchEulerScheduler)SchedulerConfig.Create(Config, pipelineClass: "StableDiffusion3Pipeline")).Options.StartsFromUniformSigmas);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_straight_path_ends_at_its_original_from_any_step_on(bool inverted, bool stochastic)
    {
        float[] original = [0.5f, -0.25f];
        float[] noise = [1.5f, -2];
        float[] velocity = [.. original.Zip(noise, (x, e) => inverted ? x - e : e - x)];
        ISchedulerRun run = new FlowMatchEulerScheduler(new FlowMatchEulerOptions { Shift = 3, InvertsSigmas = inverted, IsStochastic = stochastic }).Start(new SamplingPlan(6, Pair));
        for (int first = 0; first < 6; first++)
        {
            var sample = new float[2];
            run.AddNoise(first, original, noise, sample);
            for (int i = first; i < 6; i++)
            {
                var clean = new float[2];
                run.PredictOriginal(i, new GuidedPrediction(velocity), sample, clean);
                Assert.All(original.Zip(clean), pair => Assert.Equal(pair.First, pair.Second, 16 * Approximate.Roundoff));
                run.Step(i, new GuidedPrediction(velocity), sample, sample, ScriptedNoise.Always(noise));
            }

            Assert.All(original.Zip(sample), pair => Assert.Equal(pair.First, pair.Second, 16 * Approximate.Roundoff));
        }
    }

    [Fact]
    public void Noise_is_drawn_in_every_stochastic_step_and_in_no_other()
    {
        foreach ((bool stochastic, int draws) in ((bool, int)[])[(true, 5), (false, 0)])
        {
            ISchedulerRun run = new FlowMatchEulerScheduler(new FlowMatchEulerOptions { IsStochastic = stochastic }).Start(new SamplingPlan(5, Pair));
            ScriptedNoise noise = ScriptedNoise.Constant(0.5f, 2);
            for (int i = 0; i < 5; i++)
            {
                run.Step(i, new GuidedPrediction(new float[2]), new float[2], new float[2], noise);
            }

            Assert.Equal(draws, noise.Draws);
        }
    }

    [Fact]
    public void Flux_asks_at_its_published_timesteps()
    {
        // 1024 by 1024 pixels are 64 by 64 tokens, where μ is 1.15: σ = e^μ / (e^μ + 1/u - 1) of u = 1, 3/4, 1/2, 1/4.
        ISchedulerRun run = new FlowMatchEulerScheduler(FlowMatchEulerOptions.Flux).Start(new SamplingPlan(4, new SampleShape(1, 16, 128, 128)));
        double weight = Math.Exp(1.15);
        Assert.All(run.Timesteps.Zip((double[])[1, 0.75, 0.5, 0.25]), pair => Assert.Equal(1000 * weight / (weight + (1 / pair.Second) - 1), pair.First, 1e-4));
    }

    [Fact]
    public void A_plans_own_sigmas_timesteps_and_mu_are_taken()
    {
        var shift = new FlowMatchEulerScheduler(new FlowMatchEulerOptions { DynamicShift = new DynamicShift() });
        IReadOnlyList<double> bySigmas = shift.Start(new SamplingPlan(0, Pair) { Sigmas = [1, 0.75, 0.5], Mu = 0.7 }).Timesteps;
        IReadOnlyList<double> byTimesteps = shift.Start(new SamplingPlan(0, Pair) { Timesteps = [1000, 750, 500], Mu = 0.7 }).Timesteps;
        Assert.Equal(bySigmas, byTimesteps);
        Assert.Equal(1000 * Math.Exp(0.7) / (Math.Exp(0.7) + 1), bySigmas[2], 1e-4);
    }

    [Fact]
    public void What_leads_to_no_numbers_is_refused_with_what_to_change()
    {
        var stretched = new FlowMatchEulerScheduler(new FlowMatchEulerOptions { ShiftTerminal = 0.1 });
        Assert.Contains("ShiftTerminal", Assert.Throws<ArgumentException>(() => stretched.Start(new SamplingPlan(1, Pair))).Message, StringComparison.Ordinal);

        var plain = new FlowMatchEulerScheduler();
        Assert.Contains("[0, 1]", Assert.Throws<ArgumentOutOfRangeException>(() => plain.Start(new SamplingPlan(0, Pair) { Sigmas = [1.5] })).Message, StringComparison.Ordinal);
        Assert.Contains("[0, 1000]", Assert.Throws<ArgumentOutOfRangeException>(() => plain.Start(new SamplingPlan(0, Pair) { Timesteps = [1001] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => plain.Start(new SamplingPlan(0, Pair) { Sigmas = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => plain.Start(new SamplingPlan(0, Pair)));
        Assert.Throws<ArgumentNullException>(() => plain.Start(null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_shift_is_a_positive_number(double shift) => Assert.Throws<ArgumentOutOfRangeException>(() => new FlowMatchEulerOptions { Shift = shift });

    [Fact]
    public void Its_name_is_Flow_Euler() => Assert.Equal("Flow Euler", new FlowMatchEulerScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing()
    {
        StepAllocations.AreNone(new FlowMatchEulerScheduler());
        StepAllocations.AreNone(new FlowMatchEulerScheduler(new FlowMatchEulerOptions { IsStochastic = true }));
    }
}
