using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>Predictions of a fixed number of rows that need not belong together. Not thread-safe.</summary>
/// <remarks><see cref="IPredictionRun.Prediction"/> has its length from the start.</remarks>
public interface IRowwiseRun : IPredictionRun
{
    /// <summary>Replaces the conditions of some rows; they stay until they are replaced again. Shared parts are those of the plan.</summary>
    /// <param name="row">The first of the rows.</param>
    /// <param name="conditioning">Their conditions, as many rows as are to be replaced, with the parts and row shapes of the plan's.</param>
    void SetConditions(int row, Conditioning conditioning);

    /// <summary>Runs the model once on <see cref="IPredictionRun.Sample"/> and leaves the result in <see cref="IPredictionRun.Prediction"/>.</summary>
    /// <param name="timesteps">The timestep of each row in the model's training units; all the same unless <see cref="IRowwisePredictor.HasTimestepPerRow"/>.</param>
    /// <exception cref="ArgumentException">Not one timestep for each row, or different ones for a model that takes only one.</exception>
    /// <exception cref="OperationCanceledException">The plan's token was cancelled.</exception>
    void Predict(ReadOnlySpan<double> timesteps);
}
