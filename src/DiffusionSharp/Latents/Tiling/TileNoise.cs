using DiffusionSharp.Noise;

namespace DiffusionSharp.Latents;

/// <summary>The noise of one tile of a latent: a part of what is drawn for the whole, so that tiles agree where they overlap, and that the stream goes on as without tiles.</summary>
internal sealed class TileNoise(INoiseSource whole, TileGrid grid, int channels) : INoiseSource
{
    private float[]? _drawn;

    /// <summary>Which tile.</summary>
    public int Tile { get; set; }

    public void Fill(Span<float> destination)
    {
        if (destination.Length != channels * grid.TileHeight * grid.TileWidth)
        {
            throw new InvalidOperationException($"The latent encoder draws {destination.Length} values for a tile of {channels} x {grid.TileHeight} x {grid.TileWidth} latents: it cannot encode in tiles.");
        }

        if (_drawn is null)
        {
            _drawn = new float[channels * grid.Height * grid.Width];
            whole.Fill(_drawn);
        }

        grid.Copy(Tile, _drawn, destination);
    }

    public void Save(BinaryWriter writer) => whole.Save(writer);

    public void Restore(BinaryReader reader) => whole.Restore(reader);
}
