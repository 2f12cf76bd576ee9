using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Samples;

/// <summary>A 3x5 pixel font for captions under pictures: digits, capitals and a little punctuation.</summary>
internal static class PixelFont
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;

    // Five rows of three bits, top row first, most significant bit left.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['0'] = "75557", ['1'] = "26227", ['2'] = "71747", ['3'] = "71717", ['4'] = "55711", ['5'] = "74717", ['6'] = "74757", ['7'] = "71122",
        ['8'] = "75757", ['9'] = "75717", ['A'] = "25755", ['B'] = "65656", ['C'] = "34443", ['D'] = "65556", ['E'] = "74647", ['F'] = "74644",
        ['G'] = "34553", ['H'] = "55755", ['I'] = "72227", ['J'] = "11152", ['K'] = "55655", ['L'] = "44447", ['M'] = "57755", ['N'] = "65555",
        ['O'] = "25552", ['P'] = "65644", ['Q'] = "25563", ['R'] = "65655", ['S'] = "34216", ['T'] = "72222", ['U'] = "55557", ['V'] = "55552",
        ['W'] = "55775", ['X'] = "55255", ['Y'] = "55222", ['Z'] = "71247", ['.'] = "00002", [','] = "00024", [':'] = "02020", ['='] = "07070",
        ['-'] = "00700", ['+'] = "02720", ['/'] = "11244", ['%'] = "51245", ['('] = "24442", [')'] = "21112", [' '] = "00000",
    };

    /// <summary>Height of a line in pixels at a scale.</summary>
    public static int LineHeight(int scale) => (GlyphHeight + 2) * scale;

    /// <summary>Draws one line of text with its top left corner at a point; what does not fit is cut off.</summary>
    public static void Draw(Image<Rgb24> image, string text, int left, int top, Rgb24 color, int scale = 1)
    {
        foreach (char character in text.ToUpperInvariant())
        {
            string rows = Glyphs.GetValueOrDefault(character, Glyphs[' ']);
            for (int y = 0; y < GlyphHeight * scale; y++)
            {
                for (int x = 0; x < GlyphWidth * scale; x++)
                {
                    bool set = ((rows[y / scale] - '0') >> (GlyphWidth - 1 - (x / scale)) & 1) == 1;
                    if (set && left + x < image.Width && top + y < image.Height)
                    {
                        image[left + x, top + y] = color;
                    }
                }
            }

            left += (GlyphWidth + 1) * scale;
        }
    }
}
