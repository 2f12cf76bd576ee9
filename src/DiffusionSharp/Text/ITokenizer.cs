namespace DiffusionSharp.Text;

/// <summary>Turns text into the token ids that a text encoder reads.</summary>
/// <remarks>Implementations are immutable and safe to share between threads.</remarks>
public interface ITokenizer
{
    /// <summary>Length of every returned sequence in tokens, begin, end and padding tokens included.</summary>
    int MaxLength { get; }

    /// <summary>Tokenizes one text.</summary>
    /// <param name="text">The text, of any length; may be empty.</param>
    /// <returns><see cref="MaxLength"/> ids, and how many tokens of the text did not fit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    TokenizedText Tokenize(string text);

    /// <summary>The same tokenizer with another length, for encoders that take any, as T5; itself where the encoder was trained for one length, as CLIP.</summary>
    /// <param name="length">Length of every sequence in tokens.</param>
    /// <returns>A tokenizer whose <see cref="MaxLength"/> is that length, or this one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No sequence can have that length.</exception>
    ITokenizer WithMaxLength(int length) => this;
}
