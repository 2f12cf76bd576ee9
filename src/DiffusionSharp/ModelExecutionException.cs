namespace DiffusionSharp;

/// <summary>A model that was loaded failed while it ran: a shape that it does not take, a kernel or a library of the device that failed. Where memory ran out it is an <see cref="InsufficientMemoryException"/> instead.</summary>
public sealed class ModelExecutionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The model's file, or its name.</param>
    /// <param name="problem">What went wrong, and what to do about it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ModelExecutionException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>The model's file, or its name.</summary>
    public string Path { get; }

    /// <summary>What went wrong.</summary>
    public string Problem { get; }
}
