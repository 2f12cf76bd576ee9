namespace DiffusionSharp.Latents;

/// <summary>
/// How one side is cut: tiles of one length, evenly spread, that overlap by at least a given amount, and how much each of them counts at each
/// place. The weights of a place sum to 1. Where a tile has a neighbour, the outer quarter of the overlap is context alone, because a network
/// pads there; over the middle half the weights change linearly.
/// </summary>
internal sealed class TileAxis
{
    /// <summary>Cuts a side.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="tile">The length of a tile; the whole side where that is shorter.</param>
    /// <param name="overlap">How much neighbours overlap at least, at most half a tile.</param>
    /// <param name="wraps">Whether the end is beside the beginning.</param>
    public TileAxis(int length, int tile, int overlap, bool wraps)
    {
        (Length, Wraps) = (length, wraps);
        TileLength = Math.Min(length, tile);
        Overlap = Math.Min(overlap, TileLength / 2);
        int stride = TileLength - Overlap;
        int count = wraps ? DivideUp(length, stride) : Math.Max(1, DivideUp(length - Overlap, stride));
        Starts = new int[count];
        for (int i = 1; i < count; i++)
        {
            Starts[i] = (int)(wraps ? (long)i * length / count : (long)i * (length - TileLength) / (count - 1));
        }
    }

    public int Length { get; }

    public int TileLength { get; }

    public int Overlap { get; }

    public bool Wraps { get; }

    /// <summary>Where the tiles begin, from 0 up.</summary>
    public int[] Starts { get; }

    /// <summary>What each tile counts at each of its places.</summary>
    /// <param name="scale">Places for each place of this side, as a decoder has pixels for a latent.</param>
    public float[][] Weights(int scale)
    {
        var sums = new double[Length * scale];
        double[][] weights = Array.ConvertAll(Starts, _ => new double[TileLength * scale]);
        for (int i = 0; i < weights.Length; i++)
        {
            for (int place = 0; place < weights[i].Length; place++)
            {
                weights[i][place] = Weight(i, place + 0.5, scale);
                sums[((Starts[i] * scale) + place) % sums.Length] += weights[i][place];
            }
        }

        return [.. weights.Select((tile, i) => tile.Select((weight, place) => (float)(weight / sums[((Starts[i] * scale) + place) % sums.Length])).ToArray())];
    }

    private double Weight(int tile, double place, int scale)
    {
        double before = Wraps || tile > 0 ? Ramp(place) : 1;
        double behind = Wraps || tile < Starts.Length - 1 ? Ramp((TileLength * scale) - place) : 1;
        return Math.Min(before, behind);

        double Ramp(double distance) => Overlap == 0 ? 1 : Math.Clamp(((2 * distance / (Overlap * scale)) - 0.5), 0, 1);
    }

    private static int DivideUp(int a, int b) => (a + b - 1) / b;
}
