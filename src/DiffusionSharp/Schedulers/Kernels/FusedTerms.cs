namespace DiffusionSharp.Schedulers;

/// <summary>The memory that one step touches, all spans of one length; those of terms that a step does not have are empty.</summary>
internal ref struct FusedTerms
{
    public required ReadOnlySpan<float> Sample { get; init; }

    public required WeighedPrediction Prediction { get; init; }

    /// <summary>Where m is kept for later steps; empty when it is not.</summary>
    public Span<float> Model { get; init; }

    /// <summary>Whether m has been computed already and lies in <see cref="Model"/>.</summary>
    public bool ModelIsGiven { get; init; }

    /// <summary>The base before this step, replaced by that of this step; empty where there is none.</summary>
    public Span<float> Base { get; init; }

    public ReadOnlySpan<float> History1 { get; init; }

    public ReadOnlySpan<float> History2 { get; init; }

    public ReadOnlySpan<float> History3 { get; init; }

    public ReadOnlySpan<float> Noise { get; init; }

    public required Span<float> Destination { get; init; }

    /// <summary>m is clamped to [-Range, Range]; infinite for no clamping.</summary>
    public required float Range { get; init; }
}
