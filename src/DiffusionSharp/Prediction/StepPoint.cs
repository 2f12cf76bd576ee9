using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Prediction;

/// <summary>
/// Where a generation stands when the model is asked: the noise level, which the scheduler knows, and the position, which the loop knows.
/// Positions count from where this generation begins, so image-to-image and a refiner begin at 0 too.
/// </summary>
public readonly record struct StepPoint
{
    /// <summary>The noise level of the model's input, and the timestep.</summary>
    public required NoiseLevel Level { get; init; }

    /// <summary>The model call, from 0.</summary>
    public required int Call { get; init; }

    /// <summary>Model calls of this generation.</summary>
    public required int CallCount { get; init; }

    /// <summary>The step as the user counts, from 0; samplers of second order ask the model twice in one.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of this generation.</summary>
    public required int StepCount { get; init; }
}
