namespace DiffusionSharp.Hosting;

/// <summary>Why a generation did not get a turn.</summary>
public enum RefusalReason
{
    /// <summary>As many wait already as may wait. In HTTP: 429, Too Many Requests.</summary>
    QueueFull,

    /// <summary>The application is stopping. In HTTP: 503, Service Unavailable.</summary>
    Stopping,
}
