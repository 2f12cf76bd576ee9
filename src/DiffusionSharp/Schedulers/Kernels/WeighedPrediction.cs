namespace DiffusionSharp.Schedulers;

/// <summary>
/// A prediction <c>w_c·c + w_u·u</c> of pictures that share their weights. Where u has no part in a step its span is empty, so that it is not read.
/// </summary>
internal readonly ref struct WeighedPrediction
{
    public required ReadOnlySpan<float> Conditional { get; init; }

    public ReadOnlySpan<float> Unconditional { get; init; }

    public required double ConditionalWeight { get; init; }

    public double UnconditionalWeight { get; init; }

    public bool IsGuided => !Unconditional.IsEmpty;
}
