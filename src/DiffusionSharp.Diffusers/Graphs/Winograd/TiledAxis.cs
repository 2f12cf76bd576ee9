namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>One axis of a picture that is cut into tiles: which inputs they need, and the matrix Bᵀ for all of them, in which padding and doubling are contained.</summary>
/// <param name="Form">Whose tiles.</param>
/// <param name="Length">How long the axis is behind the convolution.</param>
/// <param name="IsDoubled">Whether each input counts twice, as where a picture is enlarged before it.</param>
internal sealed record TiledAxis(WinogradForm Form, int Length, bool IsDoubled)
{
    public int Tiles => (Length + Form.Outputs - 1) / Form.Outputs;

    public int InputLength => IsDoubled ? Length / 2 : Length;

    /// <summary>The largest number of tiles, up to a limit, that the axis is a multiple of.</summary>
    public int TilesOfBlock(int limit) => Enumerable.Range(1, Math.Clamp(limit, 1, Tiles)).Last(tiles => Tiles % tiles == 0);

    /// <summary>Where the inputs of each block begin that has so many tiles, and how many it needs, equally many for all.</summary>
    public (int[] Starts, int Width) Blocks(int tiles)
    {
        (int From, int To)[] needed = [.. Enumerable.Range(0, Tiles / tiles).Select(block => Needed(block * tiles * Form.Outputs, tiles))];
        int width = needed.Max(range => range.To - range.From);
        return ([.. needed.Select(range => Math.Min(range.From, InputLength - width))], width);
    }

    /// <summary>The matrices from the inputs of each block to the points of its tiles, <c>[blocks, points·tiles, width]</c>.</summary>
    public float[] Matrices(int tiles)
    {
        (int[] starts, int width) = Blocks(tiles);
        int rows = Form.Points * tiles;
        var matrices = new float[starts.Length * rows * width];
        for (int i = 0; i < starts.Length * tiles * Form.Points * Form.Points; i++)
        {
            (int tile, int element) = Math.DivRem(i, Form.Points * Form.Points);
            (int point, int place) = Math.DivRem(element, Form.Points);
            (int block, int inBlock) = Math.DivRem(tile, tiles);
            int at = (tile * Form.Outputs) + place - 1;
            if (at >= 0 && at < Length)
            {
                int column = (IsDoubled ? at / 2 : at) - starts[block];
                matrices[(((block * rows) + (point * tiles) + inBlock) * width) + column] += (float)Form.B[point, place];
            }
        }

        return matrices;
    }

    private (int From, int To) Needed(int first, int tiles)
    {
        int from = Math.Max(0, first - 1);
        int to = Math.Min(Length - 1, first + (tiles * Form.Outputs));
        return IsDoubled ? (from / 2, (to / 2) + 1) : (from, to + 1);
    }
}
