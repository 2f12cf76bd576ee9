using System.Text.Json;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.AspNetCore.Tests.Support;

/// <summary>Pictures as they are sent and come back.</summary>
internal static class Pictures
{
    /// <summary>The small model's own size, with different values everywhere, as PNG.</summary>
    public static byte[] Picture(int width = 32, int height = 16)
    {
        using Image<Rgb24> image = Toy.Picture(height, width).ToImage();
        return Png(image);
    }

    /// <summary>A mask that is transparent in the right half.</summary>
    public static byte[] RightHalfTransparent(int width = 32, int height = 16)
    {
        using var image = new Image<Rgba32>(width, height, new Rgba32(0, 0, 0, 255));
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                rows.GetRowSpan(y)[(width / 2)..].Clear();
            }
        });
        return Png(image);
    }

    public static byte[] Opaque(int width = 32, int height = 16)
    {
        using var image = new Image<Rgba32>(width, height, new Rgba32(0, 0, 0, 255));
        return Png(image);
    }

    /// <summary>The first picture of an answer.</summary>
    public static byte[] Of(JsonElement answer, int index = 0) => answer.GetProperty("data")[index].GetProperty("b64_json").GetBytesFromBase64();

    /// <summary>The picture of an event.</summary>
    public static byte[] OfEvent(JsonElement data) => data.GetProperty("b64_json").GetBytesFromBase64();

    private static byte[] Png(Image image)
    {
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return file.ToArray();
    }
}
