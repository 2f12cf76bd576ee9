namespace DiffusionSharp.Prediction;

/// <summary>What a <see cref="BatchingNoisePredictor"/> does now, and has done since it was made.</summary>
/// <param name="Waiting">Predictions that wait for a call now.</param>
/// <param name="Calls">Calls of the model.</param>
/// <param name="Predictions">Predictions that these calls answered; more than <paramref name="Calls"/> where calls were merged.</param>
/// <param name="Rows">Rows of these calls.</param>
/// <param name="ExpiredWaits">How often <see cref="BatchingOptions.MaxWait"/> passed before everybody was there.</param>
public readonly record struct BatchingStatistics(int Waiting, long Calls, long Predictions, long Rows, long ExpiredWaits);
