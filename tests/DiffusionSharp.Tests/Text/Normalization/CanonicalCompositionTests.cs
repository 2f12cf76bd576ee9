using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text.Normalization;

/// <summary>Normalization Form C: examples of the Unicode Standard, and the platform's own where it has one.</summary>
public class CanonicalCompositionTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    // Unicode Standard Annex 15, tables 3 to 5.
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u00F4", "\u00F4")]
    [InlineData("\u1E69", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\uFB01", "\uFB01")]
    [InlineData("2\u2075", "2\u2075")]
    // Korean syllables, section 3.12; a trailing consonant joins an open syllable only.
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]
    // CompositionExclusions.txt.
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\U0001D160", "\U0001D158\U0001D165\U0001D16E")]
    // Compatibility ideographs.
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\U0002F800", "\u4E3D")]
    // A mark of the same class blocks, one of a lower class does not.
    [InlineData("a\u0300\u0301", "\u00E0\u0301")]
    [InlineData("a\u0325\u030A", "\u1E01\u030A")]
    [InlineData("a\u0316\u030A", "\u00E5\u0316")]
    [InlineData("\u0301a", "\u0301a")]
    // New in Unicode 16.
    [InlineData("\U000105D2\u0307", "\U000105C9")]
    [InlineData("\U00016D67\U00016D67", "\U00016D68")]
    public void A_text_is_composed_as_the_standard_says(string text, string composed) => Assert.Equal(composed, CanonicalComposition.Compose(text));

    [Fact]
    public void Noncharacters_stay_and_unpaired_surrogates_are_replaced()
    {
        Assert.Equal("\uFFFE", CanonicalComposition.Compose("\uFFFE"));
        Assert.Equal("\uFFFD", CanonicalComposition.Compose("\uD800"));
        Assert.Equal("\u00E9\uFFFD\uFFFD", CanonicalComposition.Compose("e\u0301\uDC00\uD83D"));
    }

    [PlatformNormalizationFact]
    public void Every_code_point_composes_as_on_this_platform()
    {
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            // The platform refuses U+FFFE.
            if (Rune.IsValid(codePoint) && codePoint != 0xFFFE)
            {
                string text = char.ConvertFromUtf32(codePoint);
                Assert.Equal(text.Normalize(), CanonicalComposition.Compose(text));
            }
        }
    }

    [PlatformNormalizationFact]
    public void Random_sequences_compose_as_on_this_platform()
    {
        // Blocks that were settled long before any platform that .NET runs on.
        (int First, int Last)[] blocks = [(0x41, 0x24F), (0x300, 0x36F), (0x591, 0x5F2), (0x915, 0x94D), (0x1100, 0x11C2), (0x1E00, 0x1FFE), (0xAC00, 0xAC60)];
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 1 + random.Next(12)).Select(_ =>
            {
                (int first, int last) = blocks[random.Next(blocks.Length)];
                return char.ConvertFromUtf32(random.Next(first, last + 1));
            }));
            Assert.Equal(text.Normalize(), CanonicalComposition.Compose(text));
        }
    }

    [Fact]
    public void Composing_twice_changes_nothing()
    {
        for (int codePoint = 0x300; codePoint <= 0x3100; codePoint++)
        {
            string once = CanonicalComposition.Compose($"o\u0327{(char)codePoint}\u0301");
            Assert.Equal(once, CanonicalComposition.Compose(once));
        }
    }
}
