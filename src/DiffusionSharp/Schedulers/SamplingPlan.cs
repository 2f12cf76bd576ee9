using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What a scheduler needs to know before the first step of a generation.</summary>
/// <param name="Steps">Number of steps, at least 1 and at most the training timesteps; ignored when <see cref="Timesteps"/> is given.</param>
/// <param name="Shape">The shape of the sample.</param>
public sealed record SamplingPlan(int Steps, SampleShape Shape)
{
    /// <summary>Timesteps of your own, strictly falling, in [0, training timesteps - 1]; null for the scheduler's spacing.</summary>
    public IReadOnlyList<int>? Timesteps { get; init; }

    /// <summary>
    /// Noise levels σ of your own, falling, one per step, for schedulers that step through σ; null for the scheduler's. Those of
    /// flow-matching schedulers are in [0, 1], before any time shift.
    /// </summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>μ of a resolution-dependent time shift, for flow-matching schedulers that are configured for one.</summary>
    public double? Mu { get; init; }

    /// <summary>
    /// Strength of image-to-image in [0, 1] where it shortens the way (<see cref="StrengthRule.ShorterWay"/>); where not, a generation begins at a
    /// later call. 1, the default, for the whole way.
    /// </summary>
    public double Strength { get; init; } = 1;

    /// <summary>What of the sample is known beforehand, for schedulers whose steps keep it (<see cref="IScheduler.KeepsKnownRegion"/>); around others <see cref="KeepsKnown"/> does.</summary>
    public KnownRegion? KnownRegion { get; init; }

    /// <summary>Throws where noise levels are given that a scheduler would not step through.</summary>
    internal void RejectSigmas()
    {
        if (Sigmas is not null)
        {
            throw new ArgumentException("This scheduler takes no noise levels of your own: give it timesteps or a number of steps, or take one that steps through sigmas.", nameof(Sigmas));
        }
    }

    /// <summary>Throws where timesteps are given to a scheduler whose model is asked at something else.</summary>
    internal void RejectTimesteps()
    {
        if (Timesteps is not null)
        {
            throw new ArgumentException("This scheduler takes no timesteps of your own: give it a number of steps.", nameof(Timesteps));
        }
    }
}
