using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>Classifier-free guidance, <c>u + w·(c - u)</c> (Ho &amp; Salimans 2022, arXiv:2207.12598, eq. 6 with its w + 1 written w).</summary>
public sealed class ClassifierFreeGuidance : WeighedGuidance
{
    /// <inheritdoc/>
    protected override (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale) => (scale, 1 - scale);
}
