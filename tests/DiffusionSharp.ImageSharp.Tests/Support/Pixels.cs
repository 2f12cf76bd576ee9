using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>Pictures as bytes.</summary>
public static class Pixels
{
    /// <summary>The interleaved bytes of a picture.</summary>
    public static byte[] Of(Image<Rgb24> image)
    {
        byte[] bytes = new byte[image.Width * image.Height * 3];
        image.CopyPixelDataTo(bytes);
        return bytes;
    }

    /// <summary>The same pixel many times.</summary>
    public static byte[] Repeat(int count, params byte[] pixel) => [.. Enumerable.Repeat(pixel, count).SelectMany(p => p)];

    public static Image<Rgb24> Random(int width, int height)
    {
        byte[] bytes = new byte[3 * width * height];
        new Random(7).NextBytes(bytes);
        return Image.LoadPixelData<Rgb24>(bytes, width, height);
    }
}
