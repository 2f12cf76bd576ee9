using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

/// <summary>Whatever bytes a file has: a picture, or the documented exception.</summary>
public class DamagedFileTests
{
    private const int Cases = 1000;

    /// <summary>A damaged size may be a large one; this keeps a thousand of them cheap.</summary>
    private static readonly ImageLimits Limits = new() { MaxPixels = 1 << 20, MaxBytes = 1 << 20 };

    public static IEnumerable<object[]> Kinds => from kind in Seeds.Keys select new object[] { kind };

    private static Dictionary<string, Func<byte[]>> Seeds { get; } = new()
    {
        ["png"] = () => Written(new PngEncoder()),
        ["png, interlaced"] = () => Written(new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7, ColorType = PngColorType.RgbWithAlpha, BitDepth = PngBitDepth.Bit16 }),
        ["png, palette"] = () => Written(new PngEncoder { ColorType = PngColorType.Palette, BitDepth = PngBitDepth.Bit4 }),
        ["png, compressed text"] = () => File.ReadAllBytes(Fixture.Path("pillow-compressed.png")),
        ["jpeg"] = () => Written(new JpegEncoder()),
        ["jpeg, 4:2:0"] = () => Written(new JpegEncoder { ColorType = JpegColorType.YCbCrRatio420, Quality = 50 }),
        ["jpeg, EXIF"] = () => File.ReadAllBytes(Fixture.Path("piexif.jpg")),
        ["jpeg, progressive"] = () => File.ReadAllBytes(Fixture.Path("progressive.jpg")),
        ["webp, lossy"] = () => Written(new WebpEncoder { FileFormat = WebpFileFormatType.Lossy }),
        ["webp, lossless"] = () => Written(new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }),
        ["webp, EXIF"] = () => File.ReadAllBytes(Fixture.Path("piexif.webp")),
        ["webp, animation"] = () => File.ReadAllBytes(Fixture.Path("animation-placed.webp")),
        ["gif"] = () => File.ReadAllBytes(Fixture.Path("animation.gif")),
        ["bmp"] = () => Written(new BmpEncoder()),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changed_bytes_give_a_picture_or_the_documented_exception(string kind)
    {
        byte[] seed = Seeds[kind]();
        ImageTensors.Load(new MemoryStream(seed), ImageFit.Exactly(8, 8), Limits);
        var random = new Random(kind.Length);
        for (int i = 0; i < Cases; i++)
        {
            byte[] file = Mutate(seed, random);
            AssertDocumented(() => ImageTensors.Load(new MemoryStream(file), ImageFit.Exactly(8, 8), Limits), file);
            AssertDocumented(() => GenerationParameters.Read(new MemoryStream(file), Limits), file);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_ends_early_is_no_picture(string kind)
    {
        byte[] seed = Seeds[kind]();

        // What stands behind the picture of an animation or a bitmap, or pads it, may be missing.
        int needed = kind is "gif" ? 40 : kind is "bmp" ? 54 : seed.Length - 1;
        for (int length = 0; length < needed; length += 1 + (needed / 100))
        {
            byte[] file = seed[..length];
            Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(file), ImageFit.Exactly(8, 8), Limits));
        }
    }

    private static void AssertDocumented(Action read, byte[] file)
    {
        try
        {
            read();
        }
        catch (InvalidDataException exception)
        {
            Assert.StartsWith("The stream", exception.Message, StringComparison.Ordinal);
        }
        catch (Exception exception)
        {
            Assert.Fail($"{exception.GetType()} for {Convert.ToBase64String(file)}");
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] file = [.. seed];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int place = random.Next(2) == 0 ? random.Next(file.Length) : random.Next(Math.Min(64, file.Length));
            switch (random.Next(5))
            {
                case 0:
                    file[place] = (byte)random.Next(256);
                    break;
                case 1:
                    file[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file.AsSpan(place, Math.Min(4, file.Length - place)).Fill((byte)(random.Next(2) * 255));
                    break;
                case 3:
                    file = [.. file[..place], .. file[Math.Min(file.Length, place + random.Next(1, 20))..]];
                    break;
                default:
                    int from = random.Next(file.Length);
                    file = [.. file[..place], .. file[from..Math.Min(file.Length, from + random.Next(1, 40))], .. file[place..]];
                    break;
            }

            if (file.Length == 0)
            {
                return file;
            }
        }

        return file;
    }

    private static byte[] Written(IImageEncoder encoder)
    {
        using Image<Rgb24> picture = Pixels.Random(13, 9);
        using var stream = new MemoryStream();
        picture.Save(stream, encoder);
        return stream.ToArray();
    }
}
