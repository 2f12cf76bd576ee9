namespace DiffusionSharp.Schedulers;

/// <summary>A scheduler over a discrete noise schedule, so that another one can be made for the same model.</summary>
/// <typeparam name="TOptions">The configuration.</typeparam>
/// <param name="options">The configuration.</param>
/// <param name="name">The name by which people know it.</param>
public abstract class DiscreteScheduler<TOptions>(TOptions options, string name) : Scheduler<TOptions>(options, name), IDiscreteScheduler
    where TOptions : DiscreteSchedulerOptions
{
    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;
}
