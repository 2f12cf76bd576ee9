namespace DiffusionSharp.Schedulers;

/// <summary>A scheduler over a discrete noise schedule, so that another one can be made for the same model.</summary>
public interface IDiscreteScheduler : IScheduler
{
    /// <summary>The configuration that comes from the model: noise schedule, prediction type, clipping, spacing.</summary>
    DiscreteSchedulerOptions Options { get; }
}
