using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>The part of a text encoder below its tokenizer, which prompt syntaxes work on: they weigh tokens, and cut a prompt between them.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface ITokenEncoder
{
    /// <summary>The tokenizer that the encoder was trained with.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>Whether it can leave out tokens of a chunk (<see cref="TokenChunk.Attended"/>). Many exports cannot.</summary>
    bool TakesMask { get; }

    /// <summary>Encodes chunks of tokens.</summary>
    /// <param name="chunks">N chunks, at least one.</param>
    /// <param name="options">What the request wants otherwise than the model was trained with.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>Parts of N rows: <see cref="ConditionNames.Context"/> <c>[N, S, D]</c>, a vector for each token, and what else the encoder gives for a chunk.</returns>
    /// <exception cref="ArgumentException">There is no chunk, one has another length than the encoder takes, or the options cannot be followed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Conditioning EncodeTokens(IReadOnlyList<TokenChunk> chunks, TextEncodingOptions options, CancellationToken cancellationToken);
}
