namespace DiffusionSharp;

/// <summary>A model's file is missing, damaged, or does not say what it must. The message names the file and what to change.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file or folder at fault.</param>
    /// <param name="problem">What is wrong with it: the key or tensor, what was expected and what was found.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ModelFormatException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>The file or folder at fault.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }
}
