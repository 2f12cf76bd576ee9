namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Operators that move values and do not change them.</summary>
internal static class Shapes
{
    /// <summary>Another shape; 0 keeps the extent of that place, and -1 is what is left.</summary>
    public static Value Reshape(this Value x, params ReadOnlySpan<long> shape) => x.Graph.Node("Reshape", x.Channels, [x, x.Graph.Wholes(shape)]);

    /// <summary>A shape that is made of vectors of whole numbers.</summary>
    public static Value ReshapeTo(this Value x, params ReadOnlySpan<Value> shape) => x.Graph.Node("Reshape", x.Channels, [x, Concat(0, shape)]);

    public static Value Transpose(this Value x, params long[] order) => x.Graph.Node("Transpose", x.Channels, [x], ("perm", order));

    /// <summary>Says how many channels a value has after a change of its shape.</summary>
    public static Value WithChannels(this Value x, int channels) => x with { Channels = channels };

    /// <summary><c>[B, C, H, W]</c> to <c>[B, H·W, C]</c>.</summary>
    public static Value ToTokens(this Value x) => x.Reshape(0, 0, -1).Transpose(0, 2, 1);

    /// <summary><c>[B, H·W, C]</c> to <c>[B, C, H, W]</c>, with the sides of another value.</summary>
    public static Value ToPicture(this Value x, Value like) =>
        x.Transpose(0, 2, 1).ReshapeTo(x.Graph.Wholes(0L, x.Channels), like.Graph.Node("Shape", 0, [like], ("start", 2L), ("end", 4L)));

    /// <summary>One after another along an axis.</summary>
    public static Value Concat(int axis, params ReadOnlySpan<Value> parts)
    {
        Value[] all = parts.ToArray();
        return all[0].Graph.Node("Concat", all[0].Channels, all, ("axis", axis));
    }

    /// <summary>One after another along the axis of channels.</summary>
    public static Value ConcatChannels(int axis, params ReadOnlySpan<Value> parts)
    {
        Value joined = Concat(axis, parts);
        return joined with { Channels = parts.ToArray().Sum(part => part.Channels) };
    }

    /// <summary>Equal parts along an axis of channels.</summary>
    public static Value[] Chunk(this Value x, int axis, int parts)
    {
        var lengths = new int[parts];
        Array.Fill(lengths, x.Channels / parts);
        return x.Graph.Split(x, axis, lengths);
    }

    /// <summary>The values from a start to an end along an axis.</summary>
    public static Value Slice(this Value x, int axis, Value start, Value end) => x.Graph.Node("Slice", x.Channels, [x, start, end, x.Graph.Wholes(axis)]);

    /// <summary>Rows <c>[B, T]</c> with one number several times behind each.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="count">How many times, a vector of one whole number.</param>
    /// <param name="value">The number.</param>
    public static Value PadRows(this Value x, Value count, float value) =>
        x.Graph.Node("Pad", x.Channels, [x, Concat(0, x.Graph.Wholes(0L, 0L, 0L), count), x.Graph.Scalar(value)]);

    /// <summary>As many copies as a shape asks for along axes of 1, or before the first.</summary>
    public static Value Expand(this Value x, Value shape) => x.Graph.Node("Expand", x.Channels, [x, shape]);

    public static Value Unsqueeze(this Value x, params ReadOnlySpan<long> axes) => x.Graph.Node("Unsqueeze", x.Channels, [x, x.Graph.Wholes(axes)]);

    public static Value Squeeze(this Value x, params ReadOnlySpan<long> axes) => x.Graph.Node("Squeeze", x.Channels, [x, x.Graph.Wholes(axes)]);

    /// <summary>Doubles height and width of <c>[B, C, H, W]</c>, each pixel to four.</summary>
    public static Value Double(this Value x) =>
        x.Graph.Node("Resize", x.Channels, [x, new Value(x.Graph, "", 0), x.Graph.Constant([1, 1, 2, 2], 4)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));

    /// <summary><c>[B, C, H, W]</c> with the sides of another value, each pixel the one that lies there.</summary>
    public static Value ResizeTo(this Value x, Value like)
    {
        Value Sides(Value value, long start, long end) => x.Graph.Node("Shape", 0, [value], ("start", start), ("end", end));

        var none = new Value(x.Graph, "", 0);
        return x.Graph.Node(
            "Resize",
            x.Channels,
            [x, none, none, Concat(0, Sides(x, 0, 2), Sides(like, 2, 4))],
            ("mode", "nearest"),
            ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"));
    }

    /// <summary>The numbers from 0 to an extent, which is a vector of one number.</summary>
    public static Value Range(this Value extent) => extent.Graph.Node("Range", 0, [extent.Graph.Whole(0), extent.Squeeze(0), extent.Graph.Whole(1)]);
}
