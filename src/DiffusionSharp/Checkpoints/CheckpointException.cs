namespace DiffusionSharp;

/// <summary>A checkpoint cannot be gone on with: it is torn, none at all, of a newer version, or of another pipeline. The message says which.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">What is wrong, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public CheckpointException(string problem, Exception? innerException = null)
        : base(problem, innerException)
    {
    }
}
