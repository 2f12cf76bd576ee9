namespace DiffusionSharp.Prediction;

/// <summary>The windows that a sample is predicted in.</summary>
public sealed record WindowOptions
{
    /// <summary>Windows of a size.</summary>
    /// <param name="size">The side of a window in places of the sample, at least 1: what the network was trained at, 64 for Stable Diffusion 1.x.</param>
    public WindowOptions(int size) => Size = size;

    /// <summary>The side of a window in places of the sample, at least 1. A side of the sample that is shorter is not cut.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Size
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    /// <summary>The share of a window that at least overlaps its neighbour, in [0, 0.5]. 0.5 by default: more windows, and less of a seam.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 0.5].</exception>
    public double Overlap
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Windows overlap by a share in [0, 0.5].");
    } = 0.5;

    /// <summary>Whether windows go on at the left edge where they reach the right one: the picture then tiles a plane in this direction.</summary>
    public bool WrapsHorizontally { get; init; }

    /// <summary>The same of the lower edge and the upper one.</summary>
    public bool WrapsVertically { get; init; }
}
