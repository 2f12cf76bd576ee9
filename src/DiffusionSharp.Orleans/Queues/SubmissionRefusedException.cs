namespace DiffusionSharp.Orleans;

/// <summary>A job was not taken: the queue is full, the tenant has as many jobs in it as it may, or submits too fast. The message says which.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.SubmissionRefusedException")]
public sealed class SubmissionRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="retryAfter">When to try again.</param>
    public SubmissionRefusedException(string problem, TimeSpan retryAfter)
        : base(problem)
    {
        RetryAfter = retryAfter;
    }

    /// <summary>When to try again at the earliest: exact for a tenant that submits too fast, a guess where something is full.</summary>
    [Id(0)]
    public TimeSpan RetryAfter { get; private set; }
}
