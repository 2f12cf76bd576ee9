namespace DiffusionSharp.Text;

/// <summary>Shorter ways to ask a text encoder.</summary>
public static class TextEncoderExtensions
{
    /// <summary>Encodes a batch of prompts as the model was trained.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="prompts">B prompts, at least one.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>The embeddings, one row per prompt in the same order.</returns>
    /// <exception cref="ArgumentException"><paramref name="prompts"/> is empty or has a null element.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TextEncoding Encode(this ITextEncoder encoder, IReadOnlyList<string> prompts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.Encode(prompts, TextEncodingPlan.Default, cancellationToken);
    }
}
