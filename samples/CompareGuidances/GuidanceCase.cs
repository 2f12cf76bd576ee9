using DiffusionSharp.Guidance;

namespace DiffusionSharp.Samples.CompareGuidances;

/// <summary>A guidance, and what a request says with it.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Guidance">The guidance.</param>
/// <param name="Scale">The guidance scale.</param>
internal sealed record GuidanceCase(string Name, IGuidance Guidance, float Scale)
{
    private const float Usual = 4;
    private const float High = 10;

    private static readonly ClassifierFreeGuidance Plain = new();

    /// <summary>What the prediction moves away from; nothing by default.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>All guidances that need nothing but the embedded model, those against high scales at a high one.</summary>
    public static IReadOnlyList<GuidanceCase> All { get; } =
    [
        new("none", Plain, 1),
        new("classifier-free", Plain, Usual),
        new("interval 0.1-0.6", new IntervalGuidance(Plain, 0.1, 0.6), Usual),
        new("CFG-Zero*", new ZeroInitGuidance(new ZeroStarGuidance()), Usual),
        new("TCFG", new TangentialGuidance(), Usual),
        new("FDG", new FrequencyDecoupledGuidance(), Usual),
        new("Perp-Neg \"face\"", new PerpendicularNegativeGuidance(), Usual) { NegativePrompt = "face" },
        new("classifier-free", Plain, High),
        new("rescaled 0.7", new RescaledGuidance(Plain, 0.7), High),
        new("falling scale", new ScheduledGuidance(Plain, static (at, scale) => scale * (1 - ((double)at.Step / at.StepCount))), High),
        new("APG", new AdaptiveProjectedGuidance(), High),
        new("MAMBO-G 2", new MagnitudeAwareGuidance { Damping = 2 }, High),
    ];
}
