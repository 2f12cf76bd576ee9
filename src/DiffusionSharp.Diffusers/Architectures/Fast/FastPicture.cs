using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Pictures of known size with channels last, <c>[N, H·W, C]</c>.</summary>
/// <param name="Value">The pictures.</param>
/// <param name="Rows">N.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal sealed record FastPicture(Value Value, int Rows, int Height, int Width)
{
    private Moments? _known;

    public Graph Graph => Value.Graph;

    public int Channels => Value.Channels;

    public int Pixels => Height * Width;

    /// <summary>Mean and variance of each channel.</summary>
    public Moments Moments
    {
        get => _known ??= Moments.Of(Value);
        init => _known = value;
    }

    /// <summary>From <c>[N, C, H, W]</c>.</summary>
    public static FastPicture Of(Value planes, int rows, int height, int width) =>
        new(planes.Reshape(rows, planes.Channels, (long)height * width).Transpose(0, 2, 1), rows, height, width);

    /// <summary>To <c>[N, C, H, W]</c>.</summary>
    public Value ToPlanes() => Value.Transpose(0, 2, 1).Reshape(Rows, Channels, Height, Width);
}
