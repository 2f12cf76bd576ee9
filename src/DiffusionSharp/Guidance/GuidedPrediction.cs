namespace DiffusionSharp.Guidance;

/// <summary>
/// A guided prediction <c>w_c·c + w_u·u</c>, for example classifier-free guidance's with w_c = w and w_u = 1 - w. It is kept in two terms so
/// that a scheduler can apply its step to both in one pass over memory.
/// </summary>
/// <remarks>
/// The spans of predictions are <c>[B, C', H, W]</c> and belong to the prediction run, so they are valid until its next prediction. C' is twice
/// the sample's channels for models that predict a variance: each picture's C channels of prediction are followed by C channels of variance,
/// guidance applies to the first half, and the variance is the conditional one.
/// </remarks>
public readonly ref struct GuidedPrediction
{
    /// <summary>A prediction without guidance.</summary>
    /// <param name="prediction">The model's output.</param>
    public GuidedPrediction(ReadOnlySpan<float> prediction) => Conditional = prediction;

    /// <summary>c, the prediction with the condition, or the only one.</summary>
    public ReadOnlySpan<float> Conditional { get; init; }

    /// <summary>u, the prediction to move away from, as long as <see cref="Conditional"/>; empty where there is none. May be there for schedulers that need it although its weight is 0.</summary>
    public ReadOnlySpan<float> Unconditional { get; init; }

    /// <summary>w_c for each picture of the batch, or one number for all of them; empty for 1.</summary>
    public ReadOnlySpan<double> ConditionalWeights { get; init; }

    /// <summary>w_u for each picture of the batch, or one number for all of them; empty for 0.</summary>
    public ReadOnlySpan<double> UnconditionalWeights { get; init; }

    /// <summary>
    /// The scaled gradient ∇log p(y | input) of a classifier, <c>[B, C, H, W]</c>; empty where there is none. For schedulers that weigh it
    /// themselves, DDPM and DDIM; others refuse it (Dhariwal &amp; Nichol 2021, arXiv:2105.05233).
    /// </summary>
    public ReadOnlySpan<float> Score { get; init; }
}
