namespace DiffusionSharp.Text;

/// <summary>Turns prompts into the embeddings that condition a noise predictor.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface ITextEncoder
{
    /// <summary>How prompts are written: weights, breaks, schedules. Null where a prompt is plain text, in which a bracket is a bracket.</summary>
    IPromptSyntax? Syntax { get; }

    /// <summary>Encodes a batch of prompts.</summary>
    /// <param name="prompts">B prompts, at least one; the empty prompt is the usual unconditional one.</param>
    /// <param name="plan">What else is known of the generation.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>The embeddings, one row per prompt in the same order.</returns>
    /// <exception cref="ArgumentException"><paramref name="prompts"/> is empty or has a null element, a prompt cannot be read, or the plan cannot be followed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken);
}
