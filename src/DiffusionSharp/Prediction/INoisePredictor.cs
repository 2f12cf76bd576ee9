namespace DiffusionSharp.Prediction;

/// <summary>The network of a diffusion model: given a noisy sample and a noise level it predicts the noise (or x_0, or v).</summary>
/// <remarks>
/// A predictor is immutable and safe for concurrent generations; <see cref="Start"/> returns the state of one generation.
/// For a predictor that is a plain function, see <see cref="NoisePredictor.FromFunction"/>.
/// </remarks>
public interface INoisePredictor
{
    /// <summary>
    /// What height and width of the sample must be multiples of, in latents: 8 for a network that halves them three times. 1 where nothing is
    /// known, or any size will do. A predictor around another hands on the other's.
    /// </summary>
    int SizeMultiple => 1;

    /// <summary>Tells these weights from others, so that a checkpoint of others is refused; null where nobody can tell.</summary>
    string? Fingerprint => null;

    /// <summary>How many rows of concurrent generations may share a model call; 1 where none do. A predictor around another hands on the other's.</summary>
    int MergedRows => 1;

    /// <summary>Prepares the predictor for one generation: allocates its buffers and binds everything that stays the same between steps.</summary>
    /// <param name="plan">Shape of the sample, conditions and cancellation.</param>
    /// <returns>The run of one generation; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The plan does not fit the model: a condition that it needs is missing, or a shape is wrong.</exception>
    IPredictionRun Start(PredictionPlan plan);
}
