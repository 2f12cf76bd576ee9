using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.Extensions.AI;

/// <summary>A format that pictures are returned in.</summary>
internal sealed record PictureFormat(string MediaType, string Extension, Action<GeneratedImage, Stream> Write)
{
    private static readonly PictureFormat[] All =
    [
        new("image/png", "png", (image, stream) => image.SaveAsPng(stream)),
        new("image/jpeg", "jpg", (image, stream) => image.SaveAsJpeg(stream)),
        new("image/webp", "webp", (image, stream) => image.SaveAsWebp(stream)),
    ];

    /// <summary>The format of a media type; PNG where null.</summary>
    public static PictureFormat Of(string? mediaType) => mediaType is null ? All[0]
        : Array.Find(All, format => format.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            ?? throw new NotSupportedException($"Pictures of the media type '{mediaType}' are not made; there are {string.Join(", ", All.Select(format => format.MediaType))}.");

    /// <summary>The bytes of a picture's file, its parameters included.</summary>
    public byte[] Encode(GeneratedImage image)
    {
        using var file = new MemoryStream();
        Write(image, file);
        return file.ToArray();
    }
}
