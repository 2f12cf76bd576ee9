namespace DiffusionSharp.Text;

/// <summary>A way of writing prompts: what is emphasized, where a prompt is cut into chunks, what changes on the way.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface IPromptSyntax
{
    /// <summary>Refuses a prompt that cannot be read: cheap, and called before any work starts.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="PromptSyntaxException">The prompt cannot be read.</exception>
    void Check(string prompt);

    /// <summary>Reads a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tokenizer">The tokenizer of the encoder that it is for.</param>
    /// <param name="steps">Steps of the generation, at least 1.</param>
    /// <param name="takesMask">Whether the encoder can leave out tokens (<see cref="ITokenEncoder.TakesMask"/>).</param>
    /// <returns>Chunks of weighted tokens, and from which step on they hold.</returns>
    /// <exception cref="PromptSyntaxException">The prompt cannot be read.</exception>
    PromptSchedule Read(string prompt, ClipTokenizer tokenizer, int steps, bool takesMask);
}
