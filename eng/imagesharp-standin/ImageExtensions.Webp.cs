using SixLabors.ImageSharp.Formats.Webp;

namespace SixLabors.ImageSharp;

public static partial class ImageExtensions
{
    public static void SaveAsWebp(this Image source, string path) => source.Save(path, new WebpEncoder());

    public static void SaveAsWebp(this Image source, string path, WebpEncoder encoder) => source.Save(path, encoder);

    public static void SaveAsWebp(this Image source, Stream stream) => source.Save(stream, new WebpEncoder());

    public static void SaveAsWebp(this Image source, Stream stream, WebpEncoder encoder) => source.Save(stream, encoder);

    public static Task SaveAsWebpAsync(this Image source, string path) => source.SaveAsync(path, new WebpEncoder());

    public static Task SaveAsWebpAsync(this Image source, string path, CancellationToken cancellationToken) =>
        source.SaveAsync(path, new WebpEncoder(), cancellationToken);

    public static Task SaveAsWebpAsync(this Image source, string path, WebpEncoder encoder, CancellationToken cancellationToken = default) =>
        source.SaveAsync(path, encoder, cancellationToken);

    public static Task SaveAsWebpAsync(this Image source, Stream stream, CancellationToken cancellationToken = default) =>
        source.SaveAsync(stream, new WebpEncoder(), cancellationToken);

    public static Task SaveAsWebpAsync(this Image source, Stream stream, WebpEncoder encoder, CancellationToken cancellationToken = default) =>
        source.SaveAsync(stream, encoder, cancellationToken);
}
