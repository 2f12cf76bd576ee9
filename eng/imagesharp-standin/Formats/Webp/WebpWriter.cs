using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Webp;

internal static class WebpWriter
{
    public const int HeaderLength = 20;

    public static byte[] Write<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (image.Width > Vp8L.LargestSide || image.Height > Vp8L.LargestSide)
        {
            throw new ImageProcessingException($"A WebP image cannot be {image.Width} by {image.Height} pixels: the largest side is {Vp8L.LargestSide}.");
        }

        byte[] stream = Encode(image);
        byte[] file = new byte[HeaderLength + stream.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WEBPVP8L"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), stream.Length);
        stream.CopyTo(file, HeaderLength);
        return file;
    }

    private static byte[] Encode<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        // RIFF wants an even length, which this is.
        byte[] stream = new byte[checked(Vp8L.CodesBytes + (image.Width * image.Height * 4))];
        var bits = new WebpBits(stream);
        bits.Write(Vp8L.Signature, 8);
        bits.Write(image.Width - 1, Vp8L.SizeBits);
        bits.Write(image.Height - 1, Vp8L.SizeBits);
        bits.Write(default(TPixel) is Rgba32 ? 1 : 0, 1);
        bits.Write(0, 3);
        Vp8L.WriteCodes(bits);
        Rgba32 rgba = default;
        foreach (TPixel pixel in image.Pixels)
        {
            pixel.ToRgba32(ref rgba);
            bits.Write(Vp8L.Reverse(rgba.G), 8);
            bits.Write(Vp8L.Reverse(rgba.R), 8);
            bits.Write(Vp8L.Reverse(rgba.B), 8);
            bits.Write(Vp8L.Reverse(rgba.A), 8);
        }

        return stream;
    }
}
