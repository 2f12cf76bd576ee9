using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.AspNetCore;

/// <summary>The format of the pictures of an answer.</summary>
/// <param name="Name"><c>png</c>, <c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Quality">Of the latter two, from 0 to 100; the library's own where null.</param>
internal sealed record OutputFormat(string Name, int? Quality)
{
    /// <summary>The file of a picture, with its parameters.</summary>
    public async Task<byte[]> EncodeAsync(GeneratedImage image, CancellationToken cancellationToken)
    {
        using var file = new MemoryStream();
        Task encoding = (Name, Quality) switch
        {
            ("jpeg", null) => image.SaveAsJpegAsync(file, cancellationToken: cancellationToken),
            ("jpeg", { } quality) => image.SaveAsJpegAsync(file, Math.Max(1, quality), cancellationToken),
            ("webp", null) => image.SaveAsWebpAsync(file, cancellationToken: cancellationToken),
            ("webp", { } quality) => image.SaveAsWebpAsync(file, quality, cancellationToken),
            _ => image.SaveAsPngAsync(file, cancellationToken),
        };
        await encoding.ConfigureAwait(false);
        return file.ToArray();
    }
}
