using DiffusionSharp.Guidance;

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

    /// <summary>A part of a batch's prediction, with the weights of one picture, or of all where they are the same.</summary>
    public static WeighedPrediction Of(in GuidedPrediction prediction, bool usesUnconditional, int picture, int start, int length)
    {
        double unconditional = WeightOf(prediction.UnconditionalWeights, picture, 0);
        return new WeighedPrediction
        {
            Conditional = prediction.Conditional.Slice(start, length),
            Unconditional = unconditional != 0 || usesUnconditional ? prediction.Unconditional.Slice(start, length) : [],
            ConditionalWeight = WeightOf(prediction.ConditionalWeights, picture, 1),
            UnconditionalWeight = unconditional,
        };
    }

    private static double WeightOf(ReadOnlySpan<double> weights, int picture, double none) => weights.Length switch
    {
        0 => none,
        1 => weights[0],
        _ => weights[picture],
    };
}
