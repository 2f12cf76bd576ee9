using System.Buffers.Binary;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

/// <summary>What is too large is refused by its header, before there is memory for its pixels.</summary>
public class LimitTests
{
    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "30000x30000", Png(30000, 30000) },
        { "1x500000000", Png(1, 500_000_000) },
        { "2147483647x2147483647", Png(int.MaxValue, int.MaxValue) },
        { "65535x65535", [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0, 0xFF, 0xD9] },
        { "65535x65535", [.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0] },
        { "65535x65535", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0] },
        { "16777216x16777216", [.. "RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0"u8, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "16383x16383", [.. "RIFF\x16\0\0\0WEBPVP8 \x0A\0\0\0"u8, 0, 0, 0, 0x9D, 1, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F] },
        { "16384x16384", [.. "RIFF\x12\0\0\0WEBPVP8L\x06\0\0\0"u8, 0x2F, 0xFF, 0xFF, 0xFF, 0xFF, 0] },
        { "2147483647x2147483647", Bmp(int.MaxValue, int.MaxValue) },
        { "100000x100000", Bmp(100_000, -100_000) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Pictures_and_masks_of_too_many_pixels_are_refused(string size, byte[] file)
    {
        foreach (Action load in new Action[]
        {
            () => ImageTensors.Load(new MemoryStream(file), ImageFit.Exactly(8, 8)),
            () => ImageTensors.LoadMask(new MemoryStream(file), 8, 8),
        })
        {
            string message = Assert.Throws<InvalidDataException>(load).Message;
            Assert.Contains($"{size} pixels", message, StringComparison.Ordinal);
            Assert.Contains("ImageLimits.MaxPixels", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_limits_can_be_set()
    {
        byte[] png = PngBytes.Write(8, 4, 1, new byte[32]);
        ImageTensors.Load(new MemoryStream(png), ImageFit.ToMultipleOf(1), new ImageLimits { MaxPixels = 32, MaxBytes = png.Length });
        ImageTensors.LoadMask(new MemoryStream(png), 8, 4, limits: new ImageLimits { MaxPixels = 32, MaxBytes = png.Length });
        Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(png), ImageFit.ToMultipleOf(1), new ImageLimits { MaxPixels = 31 }));
        Assert.Throws<InvalidDataException>(() => ImageTensors.LoadMask(new MemoryStream(png), 8, 4, limits: new ImageLimits { MaxPixels = 31 }));
        foreach (Action read in new Action[]
        {
            () => ImageTensors.Load(new MemoryStream(png), ImageFit.ToMultipleOf(1), new ImageLimits { MaxBytes = png.Length - 1 }),
            () => ImageTensors.Load(new PiecewiseStream(png), ImageFit.ToMultipleOf(1), new ImageLimits { MaxBytes = png.Length - 1 }),
            () => GenerationParameters.Read(new PiecewiseStream(png), new ImageLimits { MaxBytes = png.Length - 1 }),
        })
        {
            Assert.Contains("ImageLimits.MaxBytes", Assert.Throws<InvalidDataException>(read).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaxPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaxBytes = 0 });
    }

    [Fact]
    public void A_photo_of_sixty_megapixels_is_no_bomb() => Assert.True(ImageLimits.Default.MaxPixels >= 9504 * 6336);

    [Fact]
    public void What_a_fit_makes_of_a_picture_counts_too()
    {
        // One pixel high, and 65,536 to a square.
        byte[] line = PngBytes.Write(20_000, 1, 1, new byte[20_000]);
        string message = Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(line), ImageFit.ToMultipleOf(16_384))).Message;
        Assert.Contains("16384x16384", message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(line), ImageFit.ToMultipleOf(int.MaxValue)));
    }

    [Theory]
    [InlineData(60_000, 1)]
    [InlineData(1, 60_000)]
    public void A_line_can_be_scaled_to_a_square(int width, int height)
    {
        // Scaled as a whole it would be 15 million pixels long.
        byte[] pixels = new byte[60_000];
        pixels.AsSpan(29_990, 20).Fill(255);
        byte[] line = PngBytes.Write(width, height, 1, pixels);
        Assert.DoesNotContain(0f, ImageTensors.LoadMask(new MemoryStream(line), 256, 256).Values().ToArray());
    }

    [Fact]
    public void An_endless_stream_is_left_when_it_is_no_picture_or_too_large()
    {
        var zeros = new Endless([]);
        Assert.Throws<InvalidDataException>(() => ImageTensors.Load(zeros, ImageFit.ToMultipleOf(1)));
        Assert.InRange(zeros.Given, 12, 1 << 20);
        var picture = new Endless(Png(8, 8));
        Assert.Throws<InvalidDataException>(() => ImageTensors.Load(picture, ImageFit.ToMultipleOf(1), new ImageLimits { MaxBytes = 1 << 20 }));
        Assert.InRange(picture.Given, 1 << 20, 2 << 20);
    }

    [Fact]
    public void Scans_without_end_are_refused()
    {
        byte[] scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0];
        byte[] file = [0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, .. Enumerable.Repeat(scan, 1000).SelectMany(bytes => bytes), 0xFF, 0xD9];
        Assert.Contains("scans", Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(file), ImageFit.ToMultipleOf(1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("II*\0\x08\0\0\0\0\0\0\0\0\0")]
    [InlineData("P5 1 1 255 \0\0\0\0")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.7 and so on")]
    [InlineData("RIFF\x10\0\0\0WAVEfmt and so on")]
    public void Formats_that_are_not_documented_are_refused(string file)
    {
        var stream = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(file));
        Assert.Contains("PNG, JPEG, WebP, GIF and BMP", Assert.Throws<InvalidDataException>(() => ImageTensors.Load(stream, ImageFit.ToMultipleOf(1))).Message, StringComparison.Ordinal);
    }

    private static byte[] Png(int width, int height)
    {
        byte[] file = PngBytes.Write(1, 1, 1, [0]);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    private static byte[] Bmp(int width, int height)
    {
        byte[] file = new byte[64];
        "BM"u8.CopyTo(file);
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        return file;
    }

    /// <summary>Some bytes, then zeros for ever.</summary>
    private sealed class Endless(byte[] start) : PiecewiseStream(start, piece: int.MaxValue)
    {
        public long Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            Array.Clear(buffer, offset + read, count - read);
            Given += count;
            return count;
        }
    }
}
