namespace DiffusionSharp.Prediction;

/// <summary>
/// A noise predictor whose calls several generations can share: each row of a batch has conditions of its own, which can be replaced
/// between calls, and, where the model takes them, a timestep of its own.
/// </summary>
public interface IRowwisePredictor : INoisePredictor
{
    /// <summary>How many rows every call must have, where the model was made for one number of them; null when any number goes.</summary>
    int? FixedRows { get; }

    /// <summary>Whether the rows of one call may have different timesteps.</summary>
    bool HasTimestepPerRow { get; }

    /// <summary>Prepares calls of one number of rows: allocates their buffers.</summary>
    /// <param name="plan">Shape of all rows together, conditions that every row has to begin with, and cancellation.</param>
    /// <returns>The run; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The plan does not fit the model: a conditioning that it needs is missing, or a shape is wrong.</exception>
    IRowwiseRun StartRows(PredictionPlan plan);
}
