using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace DiffusionSharp.ImageSharp;

/// <summary>Reads pictures, with errors that name the file.</summary>
internal static class ImageReading
{
    public static Image<Rgba32> Load(string path) => FromFile(path, static stream => Load(stream));

    public static Image<Rgba32> Load(Stream stream) => FromStream(stream, static stream => Image.Load<Rgba32>(stream));

    public static IImageInfo Identify(string path) => FromFile(path, static stream => Identify(stream));

    public static IImageInfo Identify(Stream stream) =>
        FromStream(stream, static stream => Image.Identify(stream) ?? throw new UnknownImageFormatException("no decoder knows its format."));

    /// <summary>Scales a picture until it covers <paramref name="size"/> and cuts off evenly what sticks out.</summary>
    public static void FitTo(this Image<Rgba32> image, Size size, IResampler resampler)
    {
        if (image.Size() != size)
        {
            image.Mutate(picture => picture.Resize(new ResizeOptions { Size = size, Mode = ResizeMode.Crop, Sampler = resampler }));
        }
    }

    private static T FromFile<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        return read(file);
    }

    private static T FromStream<T>(Stream stream, Func<Stream, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string name = stream is FileStream file ? $"The file '{file.Name}'" : "The stream";
        if (stream.CanSeek && stream.Position >= stream.Length)
        {
            throw new InvalidDataException($"{name} is empty, where a picture was expected.");
        }

        try
        {
            return read(stream);
        }
        catch (Exception exception) when (exception is ImageFormatException or NotSupportedException)
        {
            throw new InvalidDataException($"{name} cannot be read as a picture: {exception.Message}", exception);
        }
    }
}
