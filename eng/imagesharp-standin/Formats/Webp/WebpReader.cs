using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Reads what <see cref="WebpWriter"/> wrote, and nothing else.</summary>
internal sealed class WebpReader : IImageReader
{
    public bool Recognises(ReadOnlySpan<byte> file) =>
        file.Length > WebpWriter.HeaderLength && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    public ImageInfo Identify(byte[] file) => new(ReadHeader(Stream(file), out _), new ImageMetadata());

    public Image Read(byte[] file)
    {
        WebpBits bits = Stream(file);
        Size size = ReadHeader(bits, out bool hasAlpha);
        CheckCodes(bits);
        return hasAlpha ? Read<Rgba32>(bits, size) : Read<Rgb24>(bits, size);
    }

    private static WebpBits Stream(byte[] file) =>
        file.AsSpan(12).StartsWith("VP8L"u8) ? new WebpBits(file[WebpWriter.HeaderLength..]) : throw StandIn.Cannot("read lossy or animated WebP files");

    private static Size ReadHeader(WebpBits bits, out bool hasAlpha)
    {
        if (bits.Read(8) != Vp8L.Signature)
        {
            throw new InvalidImageContentException("The WebP file has no lossless stream where it says so.");
        }

        var size = new Size(bits.Read(Vp8L.SizeBits) + 1, bits.Read(Vp8L.SizeBits) + 1);
        hasAlpha = bits.Read(1) != 0;
        bits.Read(3);
        return size;
    }

    private static void CheckCodes(WebpBits bits)
    {
        byte[] written = new byte[Vp8L.CodesBytes];
        var expected = new WebpBits(written);
        Vp8L.WriteCodes(expected);
        long length = expected.Position;
        expected.Position = 0;
        while (expected.Position < length)
        {
            if (bits.Read(1) != expected.Read(1))
            {
                throw StandIn.Cannot("read WebP files that it did not write");
            }
        }
    }

    private static Image<TPixel> Read<TPixel>(WebpBits bits, Size size)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = new Image<TPixel>(size.Width, size.Height);
        foreach (ref TPixel pixel in image.Pixels)
        {
            byte g = Vp8L.Reverse((byte)bits.Read(8));
            byte r = Vp8L.Reverse((byte)bits.Read(8));
            byte b = Vp8L.Reverse((byte)bits.Read(8));
            byte a = Vp8L.Reverse((byte)bits.Read(8));
            pixel.FromRgba32(new Rgba32(r, g, b, a));
        }

        return image;
    }
}
