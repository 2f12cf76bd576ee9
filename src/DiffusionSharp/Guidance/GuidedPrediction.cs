namespace DiffusionSharp.Guidance;

/// <summary>
/// A model's prediction, possibly as the two terms of classifier-free guidance, <c>u + w·(c - u)</c>. It is kept in two terms so that a
/// scheduler can apply its step to both in one pass over memory.
/// </summary>
/// <remarks>
/// Both spans are <c>[B, C', H, W]</c> and belong to the prediction run, so they are valid until its next prediction. C' is twice the
/// sample's channels for models that predict a variance; guidance applies to the first half of each image, the variance is the conditional one.
/// </remarks>
public readonly ref struct GuidedPrediction
{
    /// <summary>A prediction without guidance.</summary>
    /// <param name="prediction">The model's output.</param>
    public GuidedPrediction(ReadOnlySpan<float> prediction)
    {
        Conditional = prediction;
        Scale = 1;
    }

    /// <summary>A guided prediction <c>u + scale·(c - u)</c>.</summary>
    /// <param name="conditional">The prediction c with the condition.</param>
    /// <param name="unconditional">The prediction u without it, of the same length.</param>
    /// <param name="scale">The guidance scale w.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public GuidedPrediction(ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, float scale)
    {
        if (conditional.Length != unconditional.Length)
        {
            throw new ArgumentException($"The conditional prediction has {conditional.Length} values, the unconditional one {unconditional.Length}.", nameof(unconditional));
        }

        Conditional = conditional;
        Unconditional = unconditional;
        Scale = scale;
    }

    /// <summary>The prediction with the condition, or the only one.</summary>
    public ReadOnlySpan<float> Conditional { get; }

    /// <summary>The prediction without the condition; empty when <see cref="IsGuided"/> is false.</summary>
    public ReadOnlySpan<float> Unconditional { get; }

    /// <summary>The guidance scale w; 1 without guidance.</summary>
    public float Scale { get; }

    /// <summary>Whether there are two terms to combine.</summary>
    public bool IsGuided => !Unconditional.IsEmpty;

    /// <summary>Number of values of one term.</summary>
    public int Length => Conditional.Length;

    /// <summary>The same range of both terms.</summary>
    /// <param name="start">First value.</param>
    /// <param name="length">Number of values.</param>
    /// <returns>A view of that range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is outside the prediction.</exception>
    public GuidedPrediction Slice(int start, int length) => IsGuided
        ? new(Conditional.Slice(start, length), Unconditional.Slice(start, length), Scale)
        : new(Conditional.Slice(start, length));
}
