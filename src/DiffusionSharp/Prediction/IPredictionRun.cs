using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>The predictions of one generation: one <see cref="Predict"/> for each model call, all of the same shape. Not thread-safe.</summary>
/// <remarks>To wrap a run, derive from <see cref="DelegatingPredictionRun"/>.</remarks>
public interface IPredictionRun : IStateful, IDisposable
{
    /// <summary>The shape of the sample.</summary>
    SampleShape Shape { get; }

    /// <summary>
    /// The model's input <c>[B, C, H, W]</c>, row-major, written by the caller before each <see cref="Predict"/>. It is the run's own buffer, so
    /// that nothing is copied, and stays as it was written until the caller writes it again.
    /// </summary>
    Span<float> Sample { get; }

    /// <summary>
    /// The last prediction <c>[B, C', H, W]</c>, the caller's to write on until the next one overwrites it; its length is known from the start.
    /// C' is C, or 2·C for models that also predict a variance: then each picture's C channels of prediction are followed by its C channels
    /// of variance.
    /// </summary>
    Span<float> Prediction { get; }

    /// <summary>How often the network was evaluated so far; fewer times than <see cref="Predict"/> was called where a cache stood in for it.</summary>
    int Evaluations { get; }

    /// <summary>Replaces the conditions from the next prediction on. The names must stay the same; other shapes are bound anew.</summary>
    /// <param name="conditioning">All conditions, those that stay as they are, too.</param>
    /// <exception cref="ArgumentException">The conditions do not fit the model.</exception>
    void SetConditions(Conditioning conditioning);

    /// <summary>Runs the model once on <see cref="Sample"/> and leaves the result in <see cref="Prediction"/>.</summary>
    /// <param name="at">Where the generation stands; the network is asked at <c>at.Level.Timestep</c>, the same for the whole batch.</param>
    /// <exception cref="OperationCanceledException">The plan's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The run, or the predictor it belongs to, is disposed.</exception>
    void Predict(in StepPoint at);

    /// <summary>
    /// Says that no further prediction will be asked for, so that nobody waits for one and what only predicting needs may be freed.
    /// <see cref="Prediction"/> stays as it is until the run is disposed.
    /// </summary>
    void Finish();
}
