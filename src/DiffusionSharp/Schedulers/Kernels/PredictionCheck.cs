using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>Refuses predictions that a step cannot be made of, by name.</summary>
internal static class PredictionCheck
{
    /// <summary>Throws when a sample or prediction has a length that does not fit; true when the prediction has variance channels.</summary>
    public static bool HasVariance(SampleShape shape, in GuidedPrediction prediction, ReadOnlySpan<float> sample)
    {
        if (sample.Length != shape.Length)
        {
            throw new ArgumentException($"The sample has {sample.Length} values, but a batch of shape {shape} has {shape.Length}.", nameof(sample));
        }

        int length = prediction.Conditional.Length;
        if (length != sample.Length && length != 2 * sample.Length)
        {
            throw new ArgumentException(
                $"The prediction has {length} values; for a sample of shape {shape} it must have {sample.Length}, or {2 * sample.Length} with a predicted variance.",
                nameof(prediction));
        }

        if (!prediction.Unconditional.IsEmpty && prediction.Unconditional.Length != length)
        {
            throw new ArgumentException($"The conditional prediction has {length} values, the unconditional one {prediction.Unconditional.Length}.", nameof(prediction));
        }

        if (prediction.Unconditional.IsEmpty && prediction.UnconditionalWeights.ContainsAnyExcept(0))
        {
            throw new ArgumentException("The unconditional prediction has a weight, but is not there.", nameof(prediction));
        }

        RequireWeights(shape, prediction.ConditionalWeights);
        RequireWeights(shape, prediction.UnconditionalWeights);
        return length != sample.Length;
    }

    /// <summary>Throws when a step cannot be made of a prediction.</summary>
    /// <param name="owner">Who steps.</param>
    /// <param name="step">The weights of the step.</param>
    /// <param name="shape">The shape of the sample.</param>
    /// <param name="prediction">The prediction.</param>
    /// <param name="sample">The sample.</param>
    public static void Require(string owner, in StepCoefficients step, SampleShape shape, in GuidedPrediction prediction, ReadOnlySpan<float> sample)
    {
        HasVariance(shape, prediction, sample);
        if (!prediction.Score.IsEmpty && step.FromScore is null)
        {
            throw new InvalidOperationException($"{owner} cannot weigh the score of a classifier: take DDPM or DDIM, or let the guidance merge the gradient into the prediction.");
        }

        if (!prediction.Score.IsEmpty && prediction.Score.Length != sample.Length)
        {
            throw new ArgumentException($"The score has {prediction.Score.Length} values, the sample {sample.Length}.", nameof(prediction));
        }

        if (step.FromUnconditional != 0 && prediction.Unconditional.IsEmpty)
        {
            throw new InvalidOperationException($"{owner} needs the unconditional prediction in every step, whatever the guidance scale, but there is none.");
        }
    }

    private static void RequireWeights(SampleShape shape, ReadOnlySpan<double> weights)
    {
        if (weights.Length > 1 && weights.Length != shape.Batch)
        {
            throw new ArgumentException($"There are {weights.Length} guidance weights for a batch of {shape.Batch}: give one for each picture, or one for all.", nameof(weights));
        }
    }
}
