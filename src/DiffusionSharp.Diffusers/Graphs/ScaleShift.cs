using System.Runtime.InteropServices;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>x·scale + shift, with numbers of each channel.</summary>
/// <param name="Scale"><c>[N, 1, C]</c>.</param>
/// <param name="Shift"><c>[N, 1, C]</c>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScaleShift(Value Scale, Value Shift)
{
    /// <summary>Of pictures <c>[N, n, C]</c>.</summary>
    public Value Of(Value x) => ((x * Scale) + Shift).WithChannels(x.Channels);

    /// <summary>The same of pictures to which a number of each channel was still to be added.</summary>
    public ScaleShift After(Value added) => this with { Shift = Shift + (Scale * added) };

    /// <summary>The same, scaled and shifted once more.</summary>
    public ScaleShift Then(Value scale, Value shift) => new(Scale * scale, (Shift * scale) + shift);
}
