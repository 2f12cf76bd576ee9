namespace DiffusionSharp.Prediction;

/// <summary>The shape <c>[B, C, H, W]</c> of a batch of latents or images.</summary>
/// <remarks>An embedding vector of length C, as in a diffusion prior, is <c>[B, C, 1, 1]</c>.</remarks>
public readonly record struct SampleShape
{
    /// <summary>Creates a shape.</summary>
    /// <param name="batch">Images in the batch, at least 1.</param>
    /// <param name="channels">Channels of an image, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public SampleShape(int batch, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Batch, Channels, Height, Width, Frames) = (batch, channels, height, width, 1);
    }

    /// <summary>Images in the batch.</summary>
    public int Batch { get; }

    /// <summary>Channels of an image.</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Frames of a video; 1 for a picture.</summary>
    public int Frames { get; init; }

    /// <summary>Values of one picture: <c>C·F·H·W</c>.</summary>
    public int ImageLength => checked(Channels * Frames * Height * Width);

    /// <summary>Values of the whole batch: <c>B·C·H·W</c>.</summary>
    public int Length => checked(Batch * ImageLength);

    /// <summary>The same image shape in a batch of another size.</summary>
    /// <param name="batch">Images in the new batch, at least 1.</param>
    /// <returns>The shape <c>[batch, C, H, W]</c>.</returns>
    public SampleShape WithBatch(int batch) => new(batch, Channels, Height, Width) { Frames = Frames };

    /// <summary>The shape as a list of extents.</summary>
    /// <returns><c>[B, C, H, W]</c>, or <c>[B, C, F, H, W]</c> for a video.</returns>
    public nint[] ToLengths() => Frames == 1 ? [Batch, Channels, Height, Width] : [Batch, Channels, Frames, Height, Width];

    /// <summary>The shape as text, for example <c>[1, 4, 64, 64]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", ToLengths())}]";
}
