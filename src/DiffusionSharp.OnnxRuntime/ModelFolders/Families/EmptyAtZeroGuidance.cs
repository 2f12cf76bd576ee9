using DiffusionSharp.Guidance;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Classifier-free guidance in which a scale of 0 stands for an empty prompt, as in diffusers' latent upscaler.</summary>
internal sealed class EmptyAtZeroGuidance : IGuidance
{
    private static readonly GuidanceTerm Prompted = GuidanceTerm.Conditional with { Prompts = PromptsOf };

    private readonly ClassifierFreeGuidance _inner = new();

    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => [Prompted, .. _inner.Terms(scales, schedulerNeedsUnconditional).Skip(1)];

    public IGuidanceRun Start(GuidancePlan plan) => _inner.Start(plan);

    private static IReadOnlyList<string> PromptsOf(TextToImageRequest request) => request.GuidanceScales is { } scales
        ? [.. scales.Select((scale, picture) => scale == 0 ? "" : request.Prompts?[picture] ?? request.Prompt)]
        : request.GuidanceScale == 0 ? [""] : request.Prompts ?? [request.Prompt];
}
