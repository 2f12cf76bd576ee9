using System.Globalization;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>Writes a text the way BERT reads it: no control characters, words and punctuation marks apart, by choice in lower case and without accents.</summary>
internal sealed class BertWords
{
    /// <summary>Whether upper and lower case are one.</summary>
    public bool IsLowercase { get; init; } = true;

    /// <summary>Whether accents are dropped.</summary>
    public bool StripsAccents { get; init; } = true;

    /// <summary>Whether every Chinese character is a word.</summary>
    public bool SplitsIdeographs { get; init; } = true;

    /// <summary>Whether any of this is done; otherwise words are what is between white space.</summary>
    public bool IsBasic { get; init; } = true;

    /// <summary>The words of a text with spaces between, and perhaps at both ends.</summary>
    public string Split(ReadOnlySpan<char> text)
    {
        if (!IsBasic)
        {
            return Rewrite(text, static (rune, result) => result.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString()));
        }

        string clean = CanonicalComposition.Compose(Rewrite(text, AppendClean));
        string lower = IsLowercase ? ClipTextNormalizer.ToLower(clean) : clean;
        string plain = StripsAccents && !Ascii.IsValid(lower) ? WithoutAccents(lower) : lower;
        return Rewrite(plain, AppendSplit);
    }

    private static string Rewrite(ReadOnlySpan<char> text, Action<Rune, StringBuilder> append)
    {
        var result = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            append(rune, result);
        }

        return result.ToString();
    }

    // Unpaired surrogates come as U+FFFD.
    private void AppendClean(Rune rune, StringBuilder result)
    {
        if (rune.Value is '\t' or '\n' or '\r' || (Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune)))
        {
            result.Append(' ');
        }
        else if (SplitsIdeographs && IsIdeograph(rune.Value))
        {
            result.Append(' ').Append(rune.ToString()).Append(' ');
        }
        else if (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
        {
            result.Append(rune.ToString());
        }
    }

    private static void AppendSplit(Rune rune, StringBuilder result)
    {
        if (IsPunctuation(rune))
        {
            result.Append(' ').Append(rune.ToString()).Append(' ');
        }
        else
        {
            result.Append(rune.ToString());
        }
    }

    private static string WithoutAccents(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (int codePoint in CanonicalComposition.Decompose(text))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(codePoint) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(new Rune(codePoint).ToString());
            }
        }

        return result.ToString();
    }

    // Every sign of ASCII counts, those that Unicode calls symbols too.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : Rune.IsPunctuation(rune);

    // The blocks of CJK unified and compatibility ideographs that BERT names.
    private static bool IsIdeograph(int codePoint) => codePoint is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
