using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>How predictions with and without a condition are made and combined. Immutable and safe for concurrent generations.</summary>
public interface IGuidance
{
    /// <summary>Whether a guidance scale needs the unconditional prediction; where it does not, the negative prompt is never encoded.</summary>
    /// <param name="scale">The guidance scale of a request.</param>
    /// <returns>True when <see cref="GuidancePlan.Unconditional"/> must be given.</returns>
    bool NeedsUnconditional(float scale);

    /// <summary>Prepares the guided predictions of one generation.</summary>
    /// <param name="predictor">The noise predictor to guide.</param>
    /// <param name="plan">Shape, conditions, scale and cancellation.</param>
    /// <returns>The run of one generation; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The plan lacks the unconditional condition that its scale needs, or does not fit the model.</exception>
    IGuidanceRun Start(INoisePredictor predictor, GuidancePlan plan);
}
