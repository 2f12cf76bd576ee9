namespace DiffusionSharp.Latents;

/// <summary>
/// How large pictures go through an autoencoder in tiles, so that memory grows with a tile and not with the picture. Neighbouring tiles overlap
/// and are blended linearly. What a network computes over all of its input, group normalisation and attention, differs from tile to tile: tones
/// may, slightly; what it computes from a neighbourhood does not, where a quarter of the overlap is at least as wide.
/// </summary>
public sealed record LatentTiling
{
    private const int DefaultSize = 512;
    private const double WholeByDefault = 1.5;

    /// <summary>The side of a tile in pixels, at least 1. Null, the default, for 512, or more where a model folder says that the autoencoder was trained at a larger size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? TileSize
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The side of a tile is at least 1 pixel.");
    }

    /// <summary>Pictures of no more pixels than a square of this side are not cut. Null, the default, for one and a half times <see cref="TileSize"/>; 0 to cut whatever is larger than a tile.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? WholeSize
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The side up to which pictures are left whole is not negative.");
    }

    /// <summary>The share of a tile that at least overlaps its neighbour, in [0, 0.5]. 0.25 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 0.5].</exception>
    public double Overlap
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Tiles overlap by a share in [0, 0.5].");
    } = 0.25;

    /// <summary>Whether the right edge is beside the left one, as in a picture that tiles a plane: then pictures of any size are cut, and have no seam there.</summary>
    public bool WrapsHorizontally { get; init; }

    /// <summary>The same of the lower edge and the upper one.</summary>
    public bool WrapsVertically { get; init; }

    /// <summary>The tiles of latents; null where the picture stays whole.</summary>
    /// <param name="height">Height in latents.</param>
    /// <param name="width">Width in latents.</param>
    /// <param name="factor">Pixels for each latent along a side.</param>
    internal TileGrid? Cut(int height, int width, int factor)
    {
        int size = TileSize ?? DefaultSize;
        double whole = WholeSize ?? WholeByDefault * size;
        bool staysWhole = (double)height * width * factor * factor <= whole * whole;
        if (staysWhole && !WrapsHorizontally && !WrapsVertically)
        {
            return null;
        }

        int tile = Math.Max(1, size / factor);
        int overlap = (int)Math.Round(tile * Overlap);
        var grid = new TileGrid(new TileAxis(height, tile, overlap, WrapsVertically), new TileAxis(width, tile, overlap, WrapsHorizontally), 1);
        return grid.Count == 1 ? null : grid;
    }
}
