using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Guidances around others, in whole generations.</summary>
public class GuidanceCompositionTests
{
    public static TheoryData<string> Names => KnownGuidances.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Pictures_of_other_scales_in_a_batch_are_those_made_alone_to_the_last_bit(string name)
    {
        using DiffusionPipeline pipeline = KnownGuidances.Builder(name).Build();
        foreach (float[] scales in (float[][])[[2.5f, 7.5f], [1, 4]])
        {
            GenerationResult together = pipeline.Generate(KnownGuidances.Request with { GuidanceScales = scales });
            foreach (GeneratedImage image in together.Images)
            {
                Toy.AssertSamePixels(image, pipeline.Generate(image.Request).Images[0]);
            }
        }
    }

    [Theory]
    [InlineData(0.2, 0.8, 6)]
    [InlineData(0.29, 0.57, 3)]
    [InlineData(0.5, 0.5, 0)]
    public void Outside_of_an_interval_one_prediction_is_made(double start, double stop, int guided)
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(new IntervalGuidance(new ClassifierFreeGuidance(), start, stop)).Build();
        Assert.Equal(10 + guided, pipeline.Generate(new TextToImageRequest("a cat") { Steps = 10, Seed = 1 }).Timings.EvaluationsPerImage);
    }

    [Fact]
    public void Both_calls_of_a_step_of_second_order_are_inside_of_an_interval_or_outside()
    {
        // Heun's last step is of one call.
        using DiffusionPipeline pipeline = Toy.Builder().UseScheduler(new HeunScheduler(Toy.Ddim.Options.For<HeunOptions>())).UseGuidance(new IntervalGuidance(new ClassifierFreeGuidance(), 0.5, 1)).Build();
        Assert.Equal(6 + 5 + 5, pipeline.Generate(new TextToImageRequest("a cat") { Steps = 6, Seed = 1 }).Timings.EvaluationsPerImage);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(4f)]
    public void A_scheduler_that_needs_the_unconditional_prediction_gets_it_at_every_scale_and_outside_of_an_interval(float scale)
    {
        using DiffusionPipeline pipeline = Toy.Builder()
            .UseScheduler(new EulerCfgPlusPlusScheduler(Toy.Ddim.Options.For<EulerCfgPlusPlusOptions>()))
            .UseGuidance(new IntervalGuidance(new ClassifierFreeGuidance(), 0.5, 1))
            .Build();
        Assert.Equal(2 * 6, pipeline.Generate(new TextToImageRequest("a cat") { Steps = 6, Seed = 1, GuidanceScale = scale }).Timings.EvaluationsPerImage);
    }

    [Fact]
    public void A_scale_that_falls_to_1_saves_predictions()
    {
        var falling = new ScheduledGuidance(new ClassifierFreeGuidance(), static (at, scale) => at.Step < 4 ? scale : 1);
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(falling).Build();
        Assert.Equal(10 + 4, pipeline.Generate(new TextToImageRequest("a cat") { Steps = 10, Seed = 1 }).Timings.EvaluationsPerImage);
    }

    [Fact]
    public void Schedules_go_through_each_other_from_the_outside_in()
    {
        (float[] c, float[] u) = ([1, 1], [0, 0]);
        var plusOne = new ScheduledGuidance(new ClassifierFreeGuidance(), static (_, scale) => scale + 1);
        var twice = new ScheduledGuidance(plusOne, static (at, scale) => at.Step == 0 ? scale : 2 * scale);
        Assert.Equal([4f, 7], new RecordedPredictions(new SampleShape(1, 1, 1, 1), c, u).Guide(twice, 3).Guided);
    }

    [Fact]
    public void Autoguidance_moves_away_from_another_network_that_sees_the_same()
    {
        var good = new RecordingPredictor((_, _, _, prediction) => prediction.Fill(3));
        var worse = new RecordingPredictor((_, _, _, prediction) => prediction.Fill(1));
        var guidance = new AutoGuidance(new ClassifierFreeGuidance(), new GuidanceTerm("worse") { Predictor = worse }, 0.5);
        using DiffusionPipeline pipeline = Toy.Builder(good).UseGuidance(guidance).UseScheduler(new DdimScheduler(Toy.Ddim.Options with { PredictionType = PredictionType.Sample })).Build();

        // At a scale of 1 two calls of one prediction; the last step of DDIM is the predicted sample, 3 + 0.5·(3 - 1).
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Seed = 1, GuidanceScale = 1 });
        Assert.All(result.Latents.Values().ToArray(), value => Assert.Equal(4, value));
        Assert.Equal((6, 6), (good.Predictions, worse.Predictions));
        Assert.Equal(good.Plans.Single().Conditioning.Context!.Values(), worse.Plans.Single().Conditioning.Context!.Values());

        // With classifier-free guidance around equal predictions it is the same.
        result = pipeline.Generate(new TextToImageRequest("a cat") { Seed = 1, GuidanceScale = 5 });
        Assert.All(result.Latents.Values().ToArray(), value => Assert.Equal(4, value, 1e-5));
    }

    [Fact]
    public void A_perturbed_prediction_is_the_same_network_with_other_inputs()
    {
        var predictor = new RecordingPredictor((_, _, plan, prediction) => prediction.Fill(plan.Conditioning["pag_scale"]!.Values.Values()[0] == 0 ? 3 : 1));
        var perturbed = new GuidanceTerm("perturbed") { Overrides = [Switch(1)] };
        using DiffusionPipeline pipeline = Toy.Builder(predictor)
            .UseGuidance(new AutoGuidance(new ClassifierFreeGuidance(), perturbed, 2))
            .UseScheduler(new DdimScheduler(Toy.Ddim.Options with { PredictionType = PredictionType.Sample }))
            .Build();
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Seed = 1, GuidanceScale = 1, Conditioning = Conditioning.None.With(Switch(0)) });
        Assert.All(result.Latents.Values().ToArray(), value => Assert.Equal(3 + (2 * (3 - 1)), value));

        static ConditionPart Switch(float value) => new("pag_scale", Tensor.Create([value], [1])) { IsShared = true };
    }

    [Fact]
    public void The_scheduler_finds_the_unconditional_prediction_where_it_looks_for_it()
    {
        var guidance = new AutoGuidance(new RescaledGuidance(new ClassifierFreeGuidance(), 0.5), new GuidanceTerm("worse"), 1);
        Assert.Equal(["conditional", "unconditional", "worse"], guidance.Terms([1], schedulerNeedsUnconditional: true).Select(term => term.Name));
        Assert.Equal(["conditional", "worse"], guidance.Terms([1], schedulerNeedsUnconditional: false).Select(term => term.Name));
        Assert.Equal(["conditional", "empty", "unconditional"], new PerpendicularNegativeGuidance().Terms([2], schedulerNeedsUnconditional: false).Select(term => term.Name));
    }

    // diffusers' order: steps of zero-init come first, then those outside of the interval, which have the conditional prediction alone.
    [Fact]
    public void Zero_init_comes_before_an_interval_that_begins_later()
    {
        float[] conditional = [1, 1, 2, 2, 3, 3, 4, 4];
        float[] unconditional = [1, 0, 1, 0, 1, 0, 1, 0];
        var guidance = new ZeroInitGuidance(new IntervalGuidance(new ZeroStarGuidance(), 0.5, 1), steps: 1);
        (float[] guided, bool[] needsMore) = new RecordedPredictions(new SampleShape(1, 1, 1, 2), conditional, unconditional).Guide(guidance, 3);

        // Then s = c·u/|u|² is c's first number, and s·u + 3·(c - s·u).
        Assert.Equal([0, 0, 2, 2, 3, 9, 4, 12], guided.Select(value => Math.Round(value, 5)));
        Assert.Equal([false, false, true, true], needsMore);
    }

    [Fact]
    public void A_prediction_of_nothing_stays_nothing_when_it_is_rescaled()
    {
        float[] some = [.. Enumerable.Range(1, 32).Select(i => (float)i)];
        float[] guided = new RecordedPredictions(new SampleShape(1, 1, 4, 4), some, [.. some.Reverse()]).Guide(new RescaledGuidance(new ZeroInitGuidance(new ZeroStarGuidance()), 0.7), 4).Guided;
        Assert.All(guided[..16], value => Assert.Equal(0, value));
        Assert.All(guided[16..], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_sample_too_small_for_its_bands_is_refused_with_the_numbers()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(new FrequencyDecoupledGuidance()).Build();
        Assert.Contains("2x4 is too small for 2 bands", Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a cat"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        var inner = new ClassifierFreeGuidance();
        Action[] bad =
        [
            () => _ = new RescaledGuidance(inner, 1.1),
            () => _ = new RescaledGuidance(inner, double.NaN),
            () => _ = new IntervalGuidance(inner, -0.1, 1),
            () => _ = new IntervalGuidance(inner, 0.5, 0.4),
            () => _ = new AutoGuidance(inner, new GuidanceTerm("worse"), -1),
            () => _ = new AdaptiveProjectedGuidance { Momentum = 1 },
            () => _ = new AdaptiveProjectedGuidance { NormLimit = -1 },
            () => _ = new AdaptiveProjectedGuidance { Scope = (ProjectionScope)7 },
            () => _ = new MagnitudeAwareGuidance { Damping = -1 },
            () => _ = new ZeroInitGuidance(inner, -1),
            () => _ = new PerpendicularNegativeGuidance(double.PositiveInfinity),
            () => _ = new FrequencyDecoupledGuidance(new FrequencyBand(1) { Rescale = 2 }),
        ];
        string[] names = [.. bad.Select(make => Assert.Throws<ArgumentOutOfRangeException>(make).ParamName!)];
        Assert.Equal(["strength", "strength", "start", "stop", "scale", "Momentum", "NormLimit", "Scope", "Damping", "steps", "negativeScale", "Rescale"], names);
    }
}
