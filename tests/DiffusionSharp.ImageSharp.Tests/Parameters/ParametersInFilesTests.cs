using System.IO.Compression;
using System.Text;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Parameters;

/// <summary>Where this library and other tools keep the parameters in files.</summary>
public sealed class ParametersInFilesTests : IDisposable
{
    private const string Text = "a red apple, café 語\nNegative prompt: blurry\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 8x8";

    private static readonly GenerationParameters Expected = GenerationParameters.Parse(Text);

    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Comments =>
        from bigEndian in new[] { true, false }
        from inFirst in new[] { true, false }
        from bytes in new byte[][]
        {
            [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes(Text)],
            [.. "UNICODE\0"u8, .. Encoding.Unicode.GetBytes(Text)],
            [.. "UNICODE\0"u8, 0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Text)],
            [.. "UNICODE\0"u8, 0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            [.. "UNICODE\0"u8, .. Encoding.UTF8.GetBytes(Text)], // wrong, but written
            [.. "ASCII\0\0\0"u8, .. Encoding.UTF8.GetBytes(Text), 0],
            [.. "\0\0\0\0\0\0\0\0"u8, .. Encoding.UTF8.GetBytes(Text)],
            [.. "\0\0\0\0\0\0\0\0"u8, .. Encoding.Unicode.GetBytes(Text), 0, 0],
            [.. "JIS\0\0\0\0\0"u8, .. Encoding.UTF8.GetBytes(Text)],
            Encoding.UTF8.GetBytes(Text),
            Encoding.UTF8.GetBytes("\uFEFF" + Text.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"),
        }
        select new object[] { bytes, bigEndian, inFirst };

    [Theory]
    [InlineData("pizza", "")]
    [InlineData("two\nlines", "blurry, low: \"quality\"")]
    [InlineData("crème brûlée Ø", "ÿ")]
    [InlineData("ピザ 🍕", "Ελληνικά")]
    [InlineData("a\nNegative prompt: still the prompt", "Negative prompt: the negative one")]
    public void Parameters_come_back_through_every_format(string prompt, string negative)
    {
        GeneratedImage image = Generated.FromPrompt(prompt, negative);
        foreach (string name in new[] { "a.png", "a.jpg", "a.webp" })
        {
            image.Save(_folder.File(name));
            Assert.Equal(GenerationParameters.From(image), GenerationParameters.Read(_folder.File(name)));
        }
    }

    [Fact]
    public void Latin_text_that_would_pass_for_UTF_8_comes_back()
    {
        GeneratedImage image = Generated.FromPrompt("Ã© Â£");
        image.SaveAsPng(_folder.File("a.png"));
        Assert.Equal("Ã© Â£", GenerationParameters.Read(_folder.File("a.png"))!.Prompt);
    }

    [Theory]
    [InlineData("a.jpg", 40_000)] // Three segments, of which none holds more than 64 KiB.
    [InlineData("a.webp", 100_001)]
    [InlineData("a.png", 1_000_000)]
    public void Prompts_may_be_long(string name, int length)
    {
        GeneratedImage image = Generated.FromPrompt(new string('語', length), new string('é', length));
        image.Save(_folder.File(name));
        Assert.Equal(GenerationParameters.From(image), GenerationParameters.Read(_folder.File(name)));
        Assert.Equal([1, 3, 48, 64], ImageTensors.Load(_folder.File(name), ImageFit.ToMultipleOf(1)).Lengths.ToArray());
    }

    [Fact]
    public void A_JPEG_has_the_comment_where_the_web_UI_and_EXIF_want_it()
    {
        using var stream = new MemoryStream();
        Generated.FromPrompt("pizza").SaveAsJpeg(stream);
        byte[] file = stream.ToArray();

        // Behind JFIF's segment of 16 bytes, in big-endian order and UTF-16 with the high byte first.
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], file[..6]);
        Assert.Equal([0xFF, 0xE1], file[20..22]);
        Assert.Equal("Exif\0\0MM\0\x2A\0\0\0\x08"u8, file.AsSpan(24, 14));
        byte[] comment = [.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes("pizza\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 64x48")];
        Assert.InRange(file.AsSpan().IndexOf(comment), 30, 120);
    }

    [Theory]
    [InlineData("piexif.jpg")]
    [InlineData("piexif.webp")]
    [InlineData("pillow.jpg")]
    [InlineData("pillow.webp")]
    [InlineData("pillow-text.png")]
    [InlineData("pillow-compressed.png")]
    [InlineData("pillow-comment.jpg")]
    [InlineData("pillow-comment.gif")]
    [InlineData("exiftool-unicode.jpg")]
    [InlineData("exiftool-description.jpg")]
    [InlineData("exiftool-xmp.jpg")]
    [InlineData("exiftool-xmp.png")]
    public void Files_of_other_tools_are_read(string name) => Assert.Equal(Expected, GenerationParameters.Read(Fixture.Path(name)));

    [Theory]
    [MemberData(nameof(Comments))]
    public void Comments_are_read_in_every_code(byte[] comment, bool bigEndian, bool inFirst) =>
        Assert.Equal(Expected, GenerationParameters.Read(new MemoryStream(ExifBytes.InPng(ExifBytes.WithText(ExifBytes.UserComment, comment, bigEndian, inFirst)))));

    [Fact]
    public void Windows_keeps_comments_in_UTF_16()
    {
        const ushort XpComment = 0x9C9C;
        byte[] exif = ExifBytes.WithText(XpComment, [.. Encoding.Unicode.GetBytes(Text), 0, 0], inFirst: true, type: 1);
        Assert.Equal(Expected, GenerationParameters.Read(new MemoryStream(ExifBytes.InPng(exif))));
    }

    [Theory]
    [InlineData("tEXt", false)]
    [InlineData("tEXt", true)]
    [InlineData("zTXt", false)]
    [InlineData("zTXt", true)]
    [InlineData("iTXt", true)]
    public void PNG_text_is_read_in_every_kind_of_chunk(string type, bool isUtf8)
    {
        const string Latin = "a red apple, café\r\nNegative prompt: blurry\r\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 8x8\r\n";
        byte[] text = (isUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetBytes(Latin);
        byte[] data = type switch
        {
            "tEXt" => [.. "parameters\0"u8, .. text],
            "zTXt" => [.. "parameters\0\0"u8, .. Compress(text)],
            _ => [.. "parameters\0\x01\0en\0Parameter\0"u8, .. Compress(text)],
        };
        GenerationParameters read = GenerationParameters.Read(new MemoryStream(PngBytes.Write(1, 1, 3, [1, 2, 3], (type, data))))!;
        Assert.Equal(("a red apple, café", "blurry", 42L), (read.Prompt, read.NegativePrompt, read.Seed));
    }

    [Theory]
    [InlineData("OLYMPUS DIGITAL CAMERA         ")]
    [InlineData("Rome, with Anna: the forum, the colosseum: closed")]
    [InlineData("{\"prompt\": \"a\", \"steps\": 20, \"seed\": 1}")]
    [InlineData("")]
    public void Comments_about_something_else_are_no_parameters(string comment)
    {
        foreach (ushort tag in new[] { ExifBytes.UserComment, ExifBytes.ImageDescription })
        {
            byte[] exif = ExifBytes.WithText(tag, Encoding.ASCII.GetBytes("ASCII\0\0\0" + comment), inFirst: true);
            Assert.Null(GenerationParameters.Read(new MemoryStream(ExifBytes.InPng(exif))));
        }
    }

    [Fact]
    public void A_text_that_unpacks_to_gigabytes_is_refused_and_the_picture_still_loads()
    {
        foreach (string keyword in new[] { "parameters", "XML:com.adobe.xmp" })
        {
            byte[] bomb = PngBytes.Write(1, 1, 3, [1, 2, 3], ("iTXt", [.. Encoding.ASCII.GetBytes(keyword), .. "\0\x01\0\0\0"u8, .. Compress(new byte[64 << 20])]));
            Assert.Equal([1, 3, 1, 1], ImageTensors.Load(new MemoryStream(bomb), ImageFit.ToMultipleOf(1)).Lengths.ToArray());
            if (keyword == "parameters")
            {
                Assert.Contains("unpacks", Assert.Throws<InvalidDataException>(() => GenerationParameters.Read(new MemoryStream(bomb))).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("a cat\r\nNegative prompt: bad\r\nSteps: 2, Sampler: x, CFG scale: 7, Seed: 1\r\n")]
    [InlineData("a cat\rNegative prompt: bad\rSteps: 2, Sampler: x, CFG scale: 7, Seed: 1")]
    [InlineData("\uFEFFa cat\nNegative prompt: bad\r\nSteps: 2, Sampler: x, CFG scale: 7, Seed: 1\n\r\n")]
    public void Lines_end_as_on_any_system(string text)
    {
        GenerationParameters read = GenerationParameters.Parse(text);
        Assert.Equal(("a cat", "bad", "x", 1L), (read.Prompt, read.NegativePrompt, read.Sampler, read.Seed));
        Assert.DoesNotContain('\r', GenerationParameters.Parse("two\r\nlines\r" + text).ToString());
        Assert.DoesNotContain('\r', (read with { Prompt = "two\r\nlines" }).ToString());
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return compressed.ToArray();
    }
}
