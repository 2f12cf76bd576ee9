namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>A 3x3 convolution with padding 1 of pictures <c>[N, H·W, C]</c> as Winograd's products, out of plain operators.</summary>
/// <param name="Form">How.</param>
/// <param name="Filters">The filters in that form, <c>[points², C, K]</c>.</param>
/// <param name="Rows">N.</param>
/// <param name="Height">The height behind it.</param>
/// <param name="Width">The width behind it.</param>
/// <param name="IsDoubled">Whether height and width are doubled before it, each pixel to four.</param>
internal sealed record WinogradConvolution(WinogradForm Form, Value Filters, int Rows, int Height, int Width, bool IsDoubled)
{
    // As many rows of a product as fill the processor, and as few as leave a band in its cache.
    private const int TilesOfBand = 256;
    private const int TilesOfBlock = 8;

    private TiledAxis Vertical => new(Form, Height, IsDoubled);

    private TiledAxis Horizontal => new(Form, Width, IsDoubled);

    /// <summary>All of a picture at once.</summary>
    /// <param name="x">The pictures, <c>[N, H·W, C]</c>.</param>
    public Value Whole(Value x)
    {
        Graph graph = x.Graph;
        Value down = Matrices(graph, Vertical, Vertical.Tiles, blocks: 1);
        return Tiles(x.Reshape(Rows * Vertical.InputLength, Horizontal.InputLength, x.Channels), down, Horizontal.Tiles, Vertical.Tiles);
    }

    /// <summary>How many bands a picture is cut into, one after another; 1 where all of it is small enough.</summary>
    public int Bands => Rows > 1 || Height % Form.Outputs != 0 || Width % Form.Outputs != 0 ? 1 : Vertical.Tiles / RowsOfBand;

    /// <summary>One picture band by band.</summary>
    /// <param name="x">The picture, <c>[1, H·W, C]</c>.</param>
    /// <param name="before">What is done to the inputs <c>[1, n, C]</c> of each band before it.</param>
    /// <param name="after">What is done to each band <c>[1, n, K]</c> behind it, with what of the shortcut belongs there.</param>
    /// <param name="shortcut">What has the height and width of the result and is to be given in bands, too; null for nothing.</param>
    /// <returns>The picture, and mean and variance of each channel.</returns>
    public (Value Picture, Moments Moments) InBands(Value x, Func<Value, Value> before, Func<Value, Value?, Value> after, Value? shortcut)
    {
        Graph graph = x.Graph;
        int bands = Bands;
        int pixels = Height / bands * Width;
        int tiles = Horizontal.TilesOfBlock(TilesOfBlock);
        (int[] lefts, int width) = Horizontal.Blocks(tiles);
        (int[] tops, int height) = Vertical.Blocks(RowsOfBand);
        long[] columns = [.. lefts.SelectMany(left => Enumerable.Range(left, width)).Select(column => (long)column)];
        long[] places = [.. tops.SelectMany(top => Enumerable.Range(top, height)).SelectMany(row => columns.Select(column => ((long)row * Horizontal.InputLength) + column))];
        Value flat = x.Reshape(-1, x.Channels);

        List<Row> rows =
        [
            new(graph.Wholes(places).Reshape(bands, height * columns.Length), ElementType.Int64, height * columns.Length),
            new(Matrices(graph, Vertical, RowsOfBand, bands), ElementType.Float32, Form.Points * RowsOfBand, height),
        ];
        if (shortcut is { } beside)
        {
            rows.Add(new Row(beside.Reshape(bands, pixels, beside.Channels), ElementType.Float32, pixels, beside.Channels));
        }

        int channels = Filters.Channels;
        Value[] results = graph.Scan(rows, inputs =>
        {
            Value gathered = before(inputs[0].Embed(flat).Reshape(1, height * columns.Length, x.Channels));
            Value seen = lefts.Length == 1 ? gathered.Reshape(height, width, x.Channels) : gathered.Reshape(height, lefts.Length, width, x.Channels);
            Value band = after(Tiles(seen, inputs[1], tiles, RowsOfBand), inputs.Length > 2 ? inputs[2].Reshape(1, pixels, -1).WithChannels(shortcut!.Value.Channels) : null);
            var moments = Moments.Of(band);
            return [new(band, ElementType.Float32, 1, pixels, channels), new(moments.Mean, ElementType.Float32, 1, 1, channels), new(moments.Variance, ElementType.Float32, 1, 1, channels)];
        });
        return (results[0].Reshape(1, Height * Width, channels), new Moments(results[1].Reshape(bands, 1, channels), results[2].Reshape(bands, 1, channels)).Joined());
    }

    private int RowsOfBand => Vertical.TilesOfBlock(TilesOfBand / Horizontal.Tiles);

    // From [N·height, (blocks,) width, C] to [N, H·W, K].
    private Value Tiles(Value x, Value down, int tilesOfBlock, int rowsOfTiles)
    {
        Graph graph = x.Graph;
        (int points, int outputs, int blocks) = (Form.Points, Form.Outputs, Horizontal.Tiles / tilesOfBlock);
        Value seen = MatMul(Matrices(graph, Horizontal, tilesOfBlock, blocks), x, x.Channels);
        seen = MatMul(down, seen.Reshape(Rows, -1, (long)blocks * points * tilesOfBlock * x.Channels), x.Channels)
            .Reshape(Rows, points, rowsOfTiles * blocks, points, tilesOfBlock * x.Channels)
            .Transpose(1, 3, 0, 2, 4);

        int channels = Filters.Channels;
        Value products = MatMul(seen.Reshape(points * points, -1, x.Channels), Filters, channels);
        Value gather = graph.Constant(WinogradForm.Squared(Form.A), outputs * outputs, points * points);
        Value tiles = MatMul(gather, products.Reshape(points * points, -1), channels)
            .Reshape(outputs, outputs, Rows * rowsOfTiles, Horizontal.Tiles, channels)
            .Transpose(2, 0, 3, 1, 4);

        (int height, int width) = (rowsOfTiles * outputs, Horizontal.Tiles * outputs);
        int wanted = Math.Min(height, Height);
        if (wanted < height || Width < width)
        {
            tiles = graph.Node("Slice", channels, [tiles.Reshape(Rows, height, width, channels), graph.Wholes(0, 0), graph.Wholes(wanted, Width), graph.Wholes(1, 2)]);
        }

        return tiles.Reshape(Rows, wanted * Width, channels);
    }

    private static Value Matrices(Graph graph, TiledAxis axis, int tiles, int blocks)
    {
        float[] matrices = axis.Matrices(tiles);
        int rows = axis.Form.Points * tiles;
        return blocks == 1 ? graph.Constant(matrices, rows, matrices.Length / rows) : graph.Constant(matrices, blocks, rows, matrices.Length / rows / blocks);
    }

    private static Value MatMul(Value left, Value right, int channels) => left.Graph.Node("MatMul", channels, [left, right]);
}
