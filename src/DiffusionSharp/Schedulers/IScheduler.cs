namespace DiffusionSharp.Schedulers;

/// <summary>
/// A sampler: which timesteps to visit, and how a prediction at one of them moves the sample to the next. A scheduler is configuration
/// only, immutable and safe to share; <see cref="Start"/> returns the state of one generation.
/// </summary>
public interface IScheduler
{
    /// <summary>Lays out the timesteps of one generation.</summary>
    /// <param name="plan">Number of steps (or timesteps of your own) and the shape of the sample.</param>
    /// <returns>The run of one generation.</returns>
    /// <exception cref="ArgumentException">The plan cannot be followed with this configuration; the message says what to change.</exception>
    ISchedulerRun Start(SamplingPlan plan);
}
