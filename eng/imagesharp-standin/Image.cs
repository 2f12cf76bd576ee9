using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace SixLabors.ImageSharp;

/// <summary>An image whose pixel type is not known to the caller.</summary>
public abstract partial class Image : IDisposable
{
    private bool _disposed;

    private protected Image(int width, int height, ImageMetadata metadata)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Size = new Size(width, height);
        Metadata = metadata;
    }

    public Size Size { get; private protected set; }

    public int Width => Size.Width;

    public int Height => Size.Height;

    public Rectangle Bounds => new(default, Size);

    public ImageMetadata Metadata { get; }

    public abstract Image<TPixel2> CloneAs<TPixel2>()
        where TPixel2 : unmanaged, IPixel<TPixel2>;

    public void Save(Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(encoder);
        EnsureNotDisposed();
        EncodeWith(encoder, stream);
    }

    public async Task SaveAsync(Stream stream, IImageEncoder encoder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var encoded = new MemoryStream();
        Save(encoded, encoder);
        encoded.Position = 0;
        await encoded.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    internal abstract void Apply(IPixelOperation operation);

    internal abstract Image CloneAsIs();

    private protected abstract void EncodeWith(IImageEncoder encoder, Stream stream);

    private protected void EnsureNotDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
