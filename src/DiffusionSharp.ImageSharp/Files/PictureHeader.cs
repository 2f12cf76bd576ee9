namespace DiffusionSharp.ImageSharp.Files;

/// <summary>What is around a picture's pixels.</summary>
internal sealed class PictureHeader
{
    private const int MaxComments = 100;

    private readonly List<ReadOnlyMemory<byte>> _comments = [];

    /// <summary>Width in pixels, as it is stored.</summary>
    public int Width { get; private set; }

    /// <summary>Height in pixels, as it is stored.</summary>
    public int Height { get; private set; }

    /// <summary>A TIFF structure (CIPA DC-008); empty without one.</summary>
    public ReadOnlyMemory<byte> Exif { get; set; }

    /// <summary>An XML document (ISO 16684-1); empty without one.</summary>
    public ReadOnlyMemory<byte> Xmp { get; set; }

    /// <summary>The text of a PNG under the key <c>parameters</c>.</summary>
    public PngText? Parameters { get; set; }

    /// <summary>Comments of a JPEG or GIF.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Comments => _comments;

    /// <summary>Takes the larger of this size and that found before, as a decoder might. What is negative counts as nothing.</summary>
    public void Cover(int width, int height) => (Width, Height) = (Math.Max(Width, width), Math.Max(Height, height));

    public void AddComment(ReadOnlyMemory<byte> comment)
    {
        if (_comments.Count < MaxComments)
        {
            _comments.Add(comment);
        }
    }
}
