using System.Text;

namespace DiffusionSharp.Text;

/// <summary>Writes a text the way CLIP reads it: Unicode Normalization Form C, then lower case letter by letter.</summary>
/// <remarks>White space stays: it only separates words, so folding it would not change an id.</remarks>
internal static class ClipTextNormalizer
{
    public static string Normalize(ReadOnlySpan<char> text, bool lowercase)
    {
        if (Ascii.IsValid(text))
        {
            return lowercase ? string.Create(text.Length, text, static (lower, source) => Ascii.ToLower(source, lower, out _)) : text.ToString();
        }

        string composed = CanonicalComposition.Compose(text.ToString());
        return lowercase ? ToLower(composed) : composed;
    }

    /// <summary>Lower case letter by letter.</summary>
    /// <remarks>The invariant culture leaves U+0130 alone, the only letter whose lower case is two code points.</remarks>
    public static string ToLower(string text) => text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);
}
