using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests;

/// <summary>Predictions of networks that look at the timestep only.</summary>
internal static class PredictionRunExtensions
{
    /// <summary>Asks a network at a timestep.</summary>
    public static void Predict(this IPredictionRun run, double timestep) => run.Predict(At(timestep));

    /// <summary>The first call of a generation of one, at a timestep.</summary>
    public static StepPoint At(double timestep) => new()
    {
        Level = new NoiseLevel { Timestep = timestep, Alpha = 1, Sigma = 0, InputScale = 1, FromInput = 1, FromPrediction = 0 },
        Call = 0,
        CallCount = 1,
        Step = 0,
        StepCount = 1,
    };
}
