using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>A format that is read: how its header is, and which decoder its pixels need.</summary>
/// <param name="ReadHeader">Reads what is around the pixels; throws <see cref="InvalidDataException"/> where the file is damaged.</param>
/// <param name="Decode">Decodes the pixels, of animations those of the first picture; fails in many ways where the file is damaged.</param>
internal sealed record PictureFormat(Func<ReadOnlyMemory<byte>, PictureHeader> ReadHeader, Func<ArraySegment<byte>, CancellationToken, Image<Rgba32>> Decode)
{
    /// <summary>How many bytes tell the format.</summary>
    public const int SignatureLength = 12;

    private static readonly PictureFormat Png = new(PngFile.ReadHeader, With(new PngDecoder { IgnoreMetadata = true }));
    private static readonly PictureFormat Jpeg = new(JpegFile.ReadHeader, With(new JpegDecoder { IgnoreMetadata = true }));
    private static readonly PictureFormat Webp = new(WebpFile.ReadHeader, WebpAnimation.WithFirstFrame(With(new WebpDecoder { IgnoreMetadata = true })));
    private static readonly PictureFormat Gif = new(GifFile.ReadHeader, With(new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }));
    private static readonly PictureFormat Bmp = new(BmpFile.ReadHeader, With(new BmpDecoder()));

    /// <summary>The format of a file that begins so; null when it is none of these.</summary>
    public static PictureFormat? Of(ReadOnlySpan<byte> start) => start.Length < SignatureLength ? null
        : start.StartsWith(PngFile.Signature) ? Png
        : start.StartsWith(JpegFile.Signature) ? Jpeg
        : start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? Webp
        : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? Gif
        : start.StartsWith("BM"u8) ? Bmp
        : null;

    private static Func<ArraySegment<byte>, CancellationToken, Image<Rgba32>> With(IImageDecoder decoder) => (file, cancellationToken) =>
    {
        using var stream = new MemoryStream(file.Array!, file.Offset, file.Count);
        return decoder.Decode<Rgba32>(SixLabors.ImageSharp.Configuration.Default, stream, cancellationToken);
    };
}
