namespace DiffusionSharp.Prediction;

/// <summary>The predictions of one generation: one <see cref="Predict"/> per step, all of the same shape. Not thread-safe.</summary>
public interface IPredictionRun : IDisposable
{
    /// <summary>
    /// The model's input <c>[B, C, H, W]</c>, row-major, written by the caller before each <see cref="Predict"/>.
    /// It is the run's own buffer, so that nothing is copied; its content after a prediction is unspecified.
    /// </summary>
    Span<float> Sample { get; }

    /// <summary>
    /// The last prediction <c>[B, C', H, W]</c>, overwritten by the next. C' is C, or 2·C for models that also predict a variance:
    /// then each image's C channels of prediction are followed by its C channels of variance.
    /// </summary>
    ReadOnlySpan<float> Prediction { get; }

    /// <summary>Runs the model once on <see cref="Sample"/> and leaves the result in <see cref="Prediction"/>.</summary>
    /// <param name="timestep">The timestep in the model's training units, the same for the whole batch; may be fractional.</param>
    /// <exception cref="OperationCanceledException">The plan's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The run, or the predictor it belongs to, is disposed.</exception>
    void Predict(double timestep);

    /// <summary>
    /// Says that no further prediction will be asked for, so that nobody waits for one and what only predicting needs may be freed.
    /// <see cref="Prediction"/> stays as it is until the run is disposed. Does nothing unless implemented.
    /// </summary>
    void Finish()
    {
    }
}
