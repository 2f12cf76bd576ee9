using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Prediction;

/// <summary>What of the conditions of a sample belongs to one of its windows.</summary>
internal static class ConditionCropping
{
    /// <summary>The same conditions with every part that is a picture cropped to a window.</summary>
    /// <exception cref="ArgumentException">Such a part does not have the sample's size times its scale.</exception>
    public static Conditioning Crop(this Conditioning conditioning, TileGrid grid, int window) =>
        conditioning.Parts.Where(part => part.SpatialScale > 0).Aggregate(conditioning, (all, part) => all.With(Crop(part, grid, window)));

    private static ConditionPart Crop(ConditionPart part, TileGrid grid, int window)
    {
        ReadOnlySpan<nint> lengths = part.Values.Lengths;
        int scale = (int)part.SpatialScale;
        if (scale != part.SpatialScale || lengths.Length < 2 || lengths[^2] != grid.Height * scale || lengths[^1] != grid.Width * scale)
        {
            throw new ArgumentException($"The part '{part.Name}' has the shape {part.Values.ShapeText()} and {part.SpatialScale} values for each place of the sample along a side, so it cannot be cut into windows of a sample of {grid.Height} x {grid.Width}.");
        }

        TileGrid places = scale == 1 ? grid : grid.At(scale);
        nint[] shape = [.. lengths[..^2], places.TileHeight, places.TileWidth];
        nint length = 1;
        foreach (nint extent in shape)
        {
            length *= extent;
        }

        var values = new float[length];
        places.Copy(window, part.Values.Values(), values);
        return part with { Values = Tensor.Create(values, shape) };
    }
}
