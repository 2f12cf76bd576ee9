namespace DiffusionSharp.Schedulers;

/// <summary>A run whose steps go from one noise level to the next.</summary>
internal interface ISigmaRun : ISchedulerRun
{
    /// <summary>The noise level σ before each step, and after the last one; in float32 precision.</summary>
    IReadOnlyList<double> Sigmas { get; }
}
