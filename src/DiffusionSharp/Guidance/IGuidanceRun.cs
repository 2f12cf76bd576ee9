namespace DiffusionSharp.Guidance;

/// <summary>The guided predictions of one generation. Not thread-safe.</summary>
public interface IGuidanceRun : IDisposable
{
    /// <summary>The sample <c>[B, C, H, W]</c> to predict for, written by the caller before each <see cref="Predict"/>; unspecified afterwards.</summary>
    Span<float> Sample { get; }

    /// <summary>How many sample evaluations of the model one <see cref="Predict"/> costs per image: 1, or 2 with classifier-free guidance.</summary>
    int EvaluationsPerStep { get; }

    /// <summary>The last prediction, overwritten by the next.</summary>
    GuidedPrediction Prediction { get; }

    /// <summary>Predicts for <see cref="Sample"/> and leaves the result in <see cref="Prediction"/>.</summary>
    /// <param name="timestep">The timestep in training units.</param>
    /// <exception cref="OperationCanceledException">The plan's token was cancelled.</exception>
    void Predict(double timestep);

    /// <summary>Says that no further prediction will be asked for; to be passed on to the prediction runs. Does nothing unless implemented.</summary>
    void Finish()
    {
    }
}
