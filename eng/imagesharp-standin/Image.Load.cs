using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract partial class Image
{
    private static readonly IImageReader[] Readers = [new PngReader(), new JpegReader(), new WebpReader()];

    public static Image Load(string path) => Load(File.ReadAllBytes(path));

    public static Image Load(Stream stream) => Load(ReadToEnd(stream));

    public static Image Load(ReadOnlySpan<byte> buffer) => Load(buffer.ToArray());

    public static Image<TPixel> Load<TPixel>(string path)
        where TPixel : unmanaged, IPixel<TPixel> => As<TPixel>(Load(path));

    public static Image<TPixel> Load<TPixel>(Stream stream)
        where TPixel : unmanaged, IPixel<TPixel> => As<TPixel>(Load(stream));

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> buffer)
        where TPixel : unmanaged, IPixel<TPixel> => As<TPixel>(Load(buffer));

    public static async Task<Image> LoadAsync(string path, CancellationToken cancellationToken = default) =>
        Load(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));

    public static async Task<Image> LoadAsync(Stream stream, CancellationToken cancellationToken = default) =>
        Load(await ReadToEndAsync(stream, cancellationToken).ConfigureAwait(false));

    public static async Task<Image<TPixel>> LoadAsync<TPixel>(string path, CancellationToken cancellationToken = default)
        where TPixel : unmanaged, IPixel<TPixel> => As<TPixel>(await LoadAsync(path, cancellationToken).ConfigureAwait(false));

    public static async Task<Image<TPixel>> LoadAsync<TPixel>(Stream stream, CancellationToken cancellationToken = default)
        where TPixel : unmanaged, IPixel<TPixel> => As<TPixel>(await LoadAsync(stream, cancellationToken).ConfigureAwait(false));

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> => LoadPixelData(MemoryMarshal.Cast<byte, TPixel>(data), width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int count = checked(width * height);
        ArgumentOutOfRangeException.ThrowIfLessThan(data.Length, count, nameof(data));
        var image = new Image<TPixel>(width, height);
        data[..count].CopyTo(image.Pixels);
        return image;
    }

    public static ImageInfo Identify(string path) => Identify(File.ReadAllBytes(path));

    public static ImageInfo Identify(Stream stream) => Identify(ReadToEnd(stream));

    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => Identify(buffer.ToArray());

    private static ImageInfo Identify(byte[] file) => Decode(file, static (reader, file) => reader.Identify(file));

    private static Image Load(byte[] file) => Decode(file, static (reader, file) => reader.Read(file));

    private static T Decode<T>(byte[] file, Func<IImageReader, byte[], T> decode)
    {
        IImageReader reader = Array.Find(Readers, reader => reader.Recognises(file))
            ?? throw new UnknownImageFormatException("Image cannot be loaded: it is none of PNG, JPEG and WebP, which the stand-in for SixLabors.ImageSharp knows.");
        try
        {
            return decode(reader, file);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException or EndOfStreamException)
        {
            // What readers that trust their input run into at the end of a truncated file.
            throw new InvalidImageContentException("The image is damaged or incomplete.", exception);
        }
    }

    private static Image<TPixel> As<TPixel>(Image image)
        where TPixel : unmanaged, IPixel<TPixel> => image as Image<TPixel> ?? image.CloneAs<TPixel>();

    private static byte[] ReadToEnd(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        return buffer.ToArray();
    }
}
