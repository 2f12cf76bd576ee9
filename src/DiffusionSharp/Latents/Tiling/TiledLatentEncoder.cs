using System.Numerics.Tensors;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Latents;

/// <summary>Encodes large pictures in overlapping tiles, blended, so that the encoder needs the memory of one. The noise of the posterior is drawn once, for the whole latent.</summary>
public sealed class TiledLatentEncoder : ILatentEncoder, IDisposable
{
    private readonly ILatentEncoder _encoder;
    private readonly bool _leaveOpen;

    /// <summary>Wraps an encoder.</summary>
    /// <param name="encoder">Encodes the tiles.</param>
    /// <param name="tiling">How pictures are cut; the defaults when null.</param>
    /// <param name="leaveOpen">Whether <paramref name="encoder"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encoder"/> is null.</exception>
    public TiledLatentEncoder(ILatentEncoder encoder, LatentTiling? tiling = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        (_encoder, Tiling, _leaveOpen) = (encoder, tiling ?? new LatentTiling(), leaveOpen);
    }

    /// <summary>How pictures are cut.</summary>
    public LatentTiling Tiling { get; }

    /// <inheritdoc/>
    public LatentSpace LatentSpace => _encoder.LatentSpace;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The encoder made latents of another size out of a tile, or draws something else than a value for each latent.</exception>
    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(noise);
        if (GridOf(image) is not { } grid)
        {
            return _encoder.Encode(image, noise, cancellationToken);
        }

        TileGrid pixels = grid.At(LatentSpace.DownsamplingFactor);
        var draw = new TileNoise(noise, grid, LatentSpace.Channels);
        var tile = new float[image.Lengths[1] * pixels.TileHeight * pixels.TileWidth];
        var latent = new float[LatentSpace.Channels * grid.Height * grid.Width];
        for (draw.Tile = 0; draw.Tile < grid.Count; draw.Tile++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pixels.Copy(draw.Tile, image.Values(), tile);
            Tensor<float> encoded = _encoder.Encode(Tensor.Create(tile, [1, image.Lengths[1], pixels.TileHeight, pixels.TileWidth]), draw, cancellationToken);
            if (!encoded.Lengths.SequenceEqual([1, LatentSpace.Channels, grid.TileHeight, grid.TileWidth]))
            {
                throw new InvalidOperationException($"The latent encoder made {encoded.ShapeText()} of a tile of {pixels.TileHeight} x {pixels.TileWidth} pixels, expected [1, {LatentSpace.Channels}, {grid.TileHeight}, {grid.TileWidth}]: it cannot encode in tiles.");
            }

            grid.Add(draw.Tile, encoded.Values(), latent);
        }

        return Tensor.Create(latent, [1, LatentSpace.Channels, grid.Height, grid.Width]);
    }

    /// <summary>Disposes the wrapped encoder unless it was to be left open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            (_encoder as IDisposable)?.Dispose();
        }
    }

    // A picture that the encoder would refuse goes to it as it is.
    private TileGrid? GridOf(Tensor<float> image)
    {
        int factor = LatentSpace.DownsamplingFactor;
        return image.Rank == 4 && image.Lengths[0] == 1 && image.Lengths[2] % factor == 0 && image.Lengths[3] % factor == 0
            ? Tiling.Cut((int)image.Lengths[2] / factor, (int)image.Lengths[3] / factor, factor)
            : null;
    }
}
