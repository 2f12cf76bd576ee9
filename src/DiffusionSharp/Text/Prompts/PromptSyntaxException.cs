namespace DiffusionSharp.Text;

/// <summary>A prompt cannot be read in the syntax that it is said to be written in. The message says where and why.</summary>
public sealed class PromptSyntaxException : ArgumentException
{
    private const int Shown = 24;

    /// <summary>Creates the exception.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="column">Where it cannot be read, counted from 1 in UTF-16 characters.</param>
    /// <param name="problem">What is wrong there, as a sentence without its end.</param>
    public PromptSyntaxException(string prompt, int column, string problem)
        : base($"The prompt cannot be read: at column {column}, at \"{Around(prompt, column)}\", {problem}.")
    {
        (Prompt, Column) = (prompt, column);
    }

    /// <summary>The prompt.</summary>
    public string Prompt { get; }

    /// <summary>Where it cannot be read, counted from 1.</summary>
    public int Column { get; }

    private static string Around(string prompt, int column)
    {
        int start = Math.Clamp(column - 1, 0, prompt.Length);
        return prompt.Length - start <= Shown ? prompt[start..] : $"{prompt.AsSpan(start, Shown)}...";
    }
}
