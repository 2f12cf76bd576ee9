namespace SixLabors.ImageSharp.Formats;

/// <summary>Reads images in one format, in the pixel type that suits the file.</summary>
internal interface IImageReader
{
    bool Recognises(ReadOnlySpan<byte> file);

    ImageInfo Identify(byte[] file);

    Image Read(byte[] file);
}
