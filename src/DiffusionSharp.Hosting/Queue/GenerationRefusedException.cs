namespace DiffusionSharp.Hosting;

/// <summary>A generation did not get a turn on its device, and nothing was begun.</summary>
public sealed class GenerationRefusedException : Exception
{
    internal GenerationRefusedException(RefusalReason reason, TimeSpan retryAfter, string message)
        : base(message)
    {
        (Reason, RetryAfter) = (reason, retryAfter);
    }

    /// <summary>Why.</summary>
    public RefusalReason Reason { get; }

    /// <summary>When to ask again, in whole seconds, at least 1: how long those who are there already will take, as the last ones did.</summary>
    public TimeSpan RetryAfter { get; }
}
