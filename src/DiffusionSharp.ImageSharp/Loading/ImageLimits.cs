namespace DiffusionSharp.ImageSharp;

/// <summary>
/// How large a picture may be that is read. It is checked before anything is decoded, because a file of a hundred kilobytes can unpack to
/// gigabytes: leave the defaults for pictures from strangers.
/// </summary>
public sealed record ImageLimits
{
    /// <summary>What is read where nothing else is said.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>The most pixels, width times height, of the picture and of what an <see cref="ImageFit"/> makes of it; 64 megapixels unless set. Each takes 4 bytes of memory while it is decoded, in a progressive JPEG 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 64_000_000;

    /// <summary>The most bytes of the file or stream; 128 MiB unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 128 << 20;
}
