using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace SixLabors.ImageSharp;

/// <summary>An image of pixels of one type, row by row from the top left.</summary>
public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    private const int ContiguousBytes = 4 * 1024 * 1024;

    private TPixel[] _pixels;

    public Image(int width, int height)
        : this(width, height, new ImageMetadata())
    {
    }

    public Image(int width, int height, TPixel backgroundColor)
        : this(width, height) => Array.Fill(_pixels, backgroundColor);

    internal Image(int width, int height, ImageMetadata metadata)
        : base(width, height, metadata) => _pixels = new TPixel[checked(width * height)];

    internal Span<TPixel> Pixels
    {
        get
        {
            EnsureNotDisposed();
            return _pixels;
        }
    }

    public TPixel this[int x, int y]
    {
        get => Row(y)[InRow(x)];
        set => Row(y)[InRow(x)] = value;
    }

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        EnsureNotDisposed();
        processPixels(new PixelAccessor<TPixel>(this));
    }

    public void CopyPixelDataTo(Span<TPixel> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Pixels.Length, nameof(destination));
        Pixels.CopyTo(destination);
    }

    public void CopyPixelDataTo(Span<byte> destination) => CopyPixelDataTo(MemoryMarshal.Cast<byte, TPixel>(destination));

    public bool DangerousTryGetSinglePixelMemory(out Memory<TPixel> memory)
    {
        EnsureNotDisposed();
        // The real package keeps larger images in several blocks, and a caller must be ready for that here too.
        bool single = _pixels.Length * Unsafe.SizeOf<TPixel>() <= ContiguousBytes;
        memory = single ? _pixels : default;
        return single;
    }

    public Image<TPixel> Clone()
    {
        var clone = new Image<TPixel>(Width, Height, Metadata.DeepClone());
        Pixels.CopyTo(clone._pixels);
        return clone;
    }

    public override Image<TPixel2> CloneAs<TPixel2>()
    {
        var clone = new Image<TPixel2>(Width, Height, Metadata.DeepClone());
        Span<TPixel> from = Pixels;
        Span<TPixel2> to = clone.Pixels;
        Rgba32 rgba = default;
        for (int i = 0; i < from.Length; i++)
        {
            from[i].ToRgba32(ref rgba);
            to[i].FromRgba32(rgba);
        }

        return clone;
    }

    internal Span<TPixel> Row(int y)
    {
        if ((uint)y >= (uint)Height)
        {
            throw new ArgumentOutOfRangeException(nameof(y), y, $"Not a row of an image of height {Height}.");
        }

        return Pixels.Slice(y * Width, Width);
    }

    internal void Replace(Image<TPixel> other)
    {
        Size = other.Size;
        _pixels = other._pixels;
    }

    internal override void Apply(IPixelOperation operation)
    {
        EnsureNotDisposed();
        operation.Apply(this);
    }

    internal override Image CloneAsIs() => Clone();

    private protected override void EncodeWith(IImageEncoder encoder, Stream stream) => encoder.Encode(this, stream);

    private int InRow(int x) =>
        (uint)x < (uint)Width ? x : throw new ArgumentOutOfRangeException(nameof(x), x, $"Not a column of an image of width {Width}.");
}
