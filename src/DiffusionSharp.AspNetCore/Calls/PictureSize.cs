using System.Globalization;

namespace DiffusionSharp.AspNetCore;

/// <summary>A size of pictures as the API writes it, such as <c>1024x768</c>.</summary>
internal readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>Reads a size; null for <c>auto</c>, which leaves it to the model or the picture.</summary>
    public static PictureSize? Parse(string? text, int maxPixels)
    {
        if (text is null or "auto")
        {
            return null;
        }

        string[] sides = text.Split('x');
        if (sides.Length != 2 || Side(sides[0]) is not { } width || Side(sides[1]) is not { } height)
        {
            throw ApiException.Invalid("size", $"The field 'size' is '{text}', but must be 'auto', or width and height in pixels such as '512x512'.");
        }

        return (long)width * height <= maxPixels
            ? new PictureSize(width, height)
            : throw ApiException.Invalid("size", $"The field 'size' asks for {(long)width * height} pixels, but at most {maxPixels} are allowed.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static int? Side(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side > 0 ? side : null;
}
