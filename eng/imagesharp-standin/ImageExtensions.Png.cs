using SixLabors.ImageSharp.Formats.Png;

namespace SixLabors.ImageSharp;

public static partial class ImageExtensions
{
    public static void SaveAsPng(this Image source, string path) => source.Save(path, new PngEncoder());

    public static void SaveAsPng(this Image source, string path, PngEncoder encoder) => source.Save(path, encoder);

    public static void SaveAsPng(this Image source, Stream stream) => source.Save(stream, new PngEncoder());

    public static void SaveAsPng(this Image source, Stream stream, PngEncoder encoder) => source.Save(stream, encoder);

    public static Task SaveAsPngAsync(this Image source, string path) => source.SaveAsync(path, new PngEncoder());

    public static Task SaveAsPngAsync(this Image source, string path, CancellationToken cancellationToken) =>
        source.SaveAsync(path, new PngEncoder(), cancellationToken);

    public static Task SaveAsPngAsync(this Image source, string path, PngEncoder encoder, CancellationToken cancellationToken = default) =>
        source.SaveAsync(path, encoder, cancellationToken);

    public static Task SaveAsPngAsync(this Image source, Stream stream, CancellationToken cancellationToken = default) =>
        source.SaveAsync(stream, new PngEncoder(), cancellationToken);

    public static Task SaveAsPngAsync(this Image source, Stream stream, PngEncoder encoder, CancellationToken cancellationToken = default) =>
        source.SaveAsync(stream, encoder, cancellationToken);
}
