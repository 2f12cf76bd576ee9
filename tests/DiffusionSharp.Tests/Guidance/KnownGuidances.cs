using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Tests.Sampling;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Every guidance of the library, and some of them around others.</summary>
public static class KnownGuidances
{
    private static readonly GuidanceTerm Perturbed = new("perturbed") { Overrides = [new ConditionPart("pag_scale", Tensor.Create([1f], [1])) { IsShared = true }] };
    private static readonly GuidanceTerm Worse = new("worse") { Predictor = NoisePredictor.FromFunction(Backwards) };

    private static readonly Dictionary<string, IGuidance> All = new()
    {
        ["classifier-free"] = new ClassifierFreeGuidance(),
        ["of channels"] = new ChannelGuidance(new ClassifierFreeGuidance(), 2),
        ["interpolating"] = new InterpolatingGuidance(),
        ["rescaled"] = new RescaledGuidance(new ClassifierFreeGuidance(), 0.7),
        ["interval"] = new IntervalGuidance(new ClassifierFreeGuidance(), 0.2, 0.8),
        ["scheduled"] = new ScheduledGuidance(new ClassifierFreeGuidance(), static (at, scale) => scale * (1 - ((double)at.Step / at.StepCount))),
        ["CFG-Zero*"] = new ZeroInitGuidance(new ZeroStarGuidance()),
        ["TCFG"] = new TangentialGuidance(),
        ["MAMBO-G"] = new MagnitudeAwareGuidance(),
        ["APG"] = new AdaptiveProjectedGuidance { NormLimit = 0.5 },
        ["APG of channels"] = new AdaptiveProjectedGuidance { Scope = ProjectionScope.Channel, Parallel = 0.5, AddsToUnconditional = true },
        ["APG of positions"] = new AdaptiveProjectedGuidance { Scope = ProjectionScope.Position },
        ["FDG"] = new FrequencyDecoupledGuidance(new FrequencyBand(2) { Parallel = 0.5 }, new FrequencyBand(1) { Rescale = 0.5 }),
        ["perpendicular negative"] = new PerpendicularNegativeGuidance(),
        ["conjunction"] = new ConjunctionGuidance(),
        ["autoguidance"] = new AutoGuidance(new ClassifierFreeGuidance(), Worse, 1.5),
        ["classifier"] = new ClassifierGuidance(new ClassifierFreeGuidance(), new GaussianClassifier(new GaussianData(0.3, 0.5), 1, 0.4), 2),
        ["perturbed"] = new AutoGuidance(new ClassifierFreeGuidance(), Perturbed, 2),
        ["all at once"] = new IntervalGuidance(new RescaledGuidance(new AutoGuidance(new AutoGuidance(new AdaptiveProjectedGuidance(), Worse, 0.5), Perturbed, 1), 0.5), 0.3, 1),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static IGuidance Of(string name) => All[name];

    /// <summary>A pipeline with a guidance, whose network has an input that a term may override. Its latents are of 6 by 8 at the sizes of <see cref="Request"/>.</summary>
    public static DiffusionPipelineBuilder Builder(string name) => Toy.Builder(NoisePredictor.FromFunction(Perturbable)).UseGuidance(Of(name));

    /// <summary>Two pictures, of two scales.</summary>
    public static TextToImageRequest Request { get; } = new("a cat") { NegativePrompt = "fur", Seed = 5, Count = 2, GuidanceScales = [2.5f, 7.5f], Steps = 6, Width = 64, Height = 48 };

    private static void Perturbable(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        Toy.Predict(sample, timestep, plan, prediction);
        if (plan.Conditioning["pag_scale"] is not null)
        {
            TensorPrimitives.Multiply(prediction, 0.5f, prediction);
        }
    }

    private static void Backwards(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        Toy.Predict(sample, timestep, plan, prediction);
        TensorPrimitives.Multiply(prediction, -0.3f, prediction);
    }
}
