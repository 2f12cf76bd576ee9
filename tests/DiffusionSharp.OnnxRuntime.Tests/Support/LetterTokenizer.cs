using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>A letter is a token, its code the id, between 1 (begin) and 2 (end); 2 also fills up.</summary>
internal sealed class LetterTokenizer(int maxLength = 8) : ITokenizer
{
    public int MaxLength => maxLength;

    public TokenizedText Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int kept = Math.Min(text.Length, maxLength - 2);
        int[] ids = [1, .. text[..kept].Select(letter => (int)letter), .. Enumerable.Repeat(2, maxLength - 1 - kept)];
        return new TokenizedText(ids, kept + 2, kept < text.Length ? text[kept..] : null);
    }
}
