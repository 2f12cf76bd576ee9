using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>The tiles of planes <c>[..., H, W]</c>: takes them out, and puts them together again. Not thread-safe.</summary>
internal sealed class TileGrid
{
    private readonly TileAxis _rows;
    private readonly TileAxis _columns;
    private readonly int _scale;
    private readonly float[][] _rowWeights;
    private readonly float[][] _columnWeights;
    private readonly float[] _line;

    /// <param name="rows">How the height is cut.</param>
    /// <param name="columns">How the width is cut.</param>
    /// <param name="scale">Places for each place of both along a side.</param>
    public TileGrid(TileAxis rows, TileAxis columns, int scale)
    {
        (_rows, _columns, _scale) = (rows, columns, scale);
        (Height, Width) = (rows.Length * scale, columns.Length * scale);
        (TileHeight, TileWidth) = (rows.TileLength * scale, columns.TileLength * scale);
        (_rowWeights, _columnWeights) = (rows.Weights(scale), columns.Weights(scale));
        _line = new float[TileWidth];
    }

    public int Height { get; }

    public int Width { get; }

    public int TileHeight { get; }

    public int TileWidth { get; }

    /// <summary>How many tiles there are.</summary>
    public int Count => _rows.Starts.Length * _columns.Starts.Length;

    /// <summary>The same tiles at another resolution.</summary>
    public TileGrid At(int scale) => new(_rows, _columns, scale);

    /// <summary>Copies a tile out of all planes.</summary>
    public void Copy(int tile, ReadOnlySpan<float> whole, Span<float> destination)
    {
        (int top, int left, _, _) = Place(tile);
        for (int line = 0; line * TileWidth < destination.Length; line++)
        {
            ReadOnlySpan<float> source = whole.Slice(LineOf(line, top) * Width, Width);
            Span<float> target = destination.Slice(line * TileWidth, TileWidth);
            int first = Math.Min(TileWidth, Width - left);
            source.Slice(left, first).CopyTo(target);
            source[..(TileWidth - first)].CopyTo(target[first..]);
        }
    }

    /// <summary>Adds a tile to all planes with its weights; planes that were zero are whole when all tiles were added.</summary>
    public void Add(int tile, ReadOnlySpan<float> source, Span<float> whole)
    {
        (int top, int left, float[] rows, float[] columns) = Place(tile);
        int first = Math.Min(TileWidth, Width - left);
        for (int line = 0; line * TileWidth < source.Length; line++)
        {
            TensorPrimitives.Multiply(source.Slice(line * TileWidth, TileWidth), columns, _line);
            TensorPrimitives.Multiply(_line, rows[line % TileHeight], _line);
            Span<float> target = whole.Slice(LineOf(line, top) * Width, Width);
            Span<float> right = target.Slice(left, first);
            Span<float> wrapped = target[..(TileWidth - first)];
            TensorPrimitives.Add(right, _line.AsSpan(0, first), right);
            TensorPrimitives.Add(wrapped, _line.AsSpan(first), wrapped);
        }
    }

    private (int Top, int Left, float[] RowWeights, float[] ColumnWeights) Place(int tile)
    {
        (int row, int column) = Math.DivRem(tile, _columns.Starts.Length);
        return (_rows.Starts[row] * _scale, _columns.Starts[column] * _scale, _rowWeights[row], _columnWeights[column]);
    }

    // A line of the stacked planes of a tile as one of the whole planes.
    private int LineOf(int line, int top)
    {
        (int plane, int row) = Math.DivRem(line, TileHeight);
        return (plane * Height) + ((top + row) % Height);
    }
}
