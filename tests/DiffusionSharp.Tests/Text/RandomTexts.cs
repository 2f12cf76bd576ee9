using System.Globalization;
using System.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Texts that a tokenizer may trip over, all in Normalization Form C; the same for the same seed.</summary>
internal sealed class RandomTexts(int seed)
{
    private static readonly string[] Fragments =
    [
        "'s", "'T", "'re", "'VE", "'m", "'ll", "'D", "'l", "''s", "don't", " '", "<|startoftext|>", "<|endoftext|>", "<|StartOfText|>",
        "!<|ENDOFTEXT|>", "<|", "|>", "</w>", "&amp;", "\0", "\u001C", "\u0085", "\u00A0", "\u2028", "\u200D", "\u3000", "\t\r\n", "\uFFFE",
        "\uFFFD", "\u0130", "ΣΑΣ", "ſ", "ǅ", "ﬁ", "½", "²", "Ⅷ", "१", "𝟘", "𐍈", "𐐀", "👩‍👩‍👧", "🏳️‍🌈", "日本語", "한국어", "שלום", "मा", "--ar 16:9", "1234",
    ];

    private readonly Random _random = new(seed);

    public string Next()
    {
        var text = new StringBuilder();
        int pieces = 1 + _random.Next(40);
        for (int i = 0; i < pieces; i++)
        {
            _ = _random.Next(4) switch
            {
                0 => text.Append(Fragments[_random.Next(Fragments.Length)]),
                1 => text.Append((char)_random.Next(' ', 0x7F)),
                2 => text.Append(Word()),
                _ => text.Append(CodePoint()),
            };
        }

        return text.ToString();
    }

    // Up to 80 letters, so that short and long words meet both ways of merging.
    private string Word() => string.Concat(Enumerable.Range(0, 1 + _random.Next(80)).Select(_ => "etaoinshrdlu"[_random.Next(12)]));

    // Any starter that composes with nothing; marks have tests of their own.
    private string CodePoint()
    {
        while (true)
        {
            int codePoint = _random.Next(_random.Next(2) == 0 ? 0x3000 : 0x20000);
            bool isPlain = Rune.IsValid(codePoint) && CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);
            if (isPlain && DiffusionSharp.Text.CanonicalTables.IsStable(codePoint))
            {
                return char.ConvertFromUtf32(codePoint);
            }
        }
    }
}
