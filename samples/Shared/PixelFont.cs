using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Samples;

/// <summary>A 3x5 pixel font for captions under pictures: digits, capitals and a little punctuation.</summary>
internal static class PixelFont
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;

    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.,:=-+/%() ";

    // Five rows of three bits for each character, top row first, most significant bit left.
    private const string Rows =
        "755572622771747717175571174717747577112275757757172575565656" +
        "344436555674647746443455355755722271115255655444475775565555" +
        "255526564425563656553421672222555575555255775552555522271247" +
        "0000200024020200707000700027201124451245244422111200000";

    /// <summary>Height of a line in pixels at a scale.</summary>
    public static int LineHeight(int scale) => (GlyphHeight + 2) * scale;

    /// <summary>Draws one line of text with its top left corner at a point; what does not fit is cut off.</summary>
    public static void Draw(Image<Rgb24> image, string text, int left, int top, Rgb24 color, int scale = 1)
    {
        foreach (char character in text.ToUpperInvariant())
        {
            // What the font lacks is left blank, as the last character is.
            int found = Characters.IndexOf(character);
            int glyph = found < 0 ? Characters.Length - 1 : found;
            ReadOnlySpan<char> rows = Rows.AsSpan(glyph * GlyphHeight, GlyphHeight);
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
