namespace DiffusionSharp;

/// <summary>The part of the way from noise to picture that a generation goes, as shares of the training timesteps: a base model goes from 0 to 0.8, say, and a refiner from 0.8 to 1.</summary>
/// <param name="Start">Where it begins, in [0, 1); 0 is noise.</param>
/// <param name="End">Where it ends, in (0, 1]; 1 is the picture.</param>
public readonly record struct ScheduleRange(double Start, double End)
{
    /// <summary>The whole way.</summary>
    public static ScheduleRange Whole { get; } = new(0, 1);
}
