using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>Decodes large pictures in overlapping tiles, blended (as the VAE tiling of diffusers does), so that the decoder needs the memory of one.</summary>
public sealed class TiledLatentDecoder : ILatentDecoder, IDisposable
{
    private readonly ILatentDecoder _decoder;
    private readonly bool _leaveOpen;

    /// <summary>Wraps a decoder.</summary>
    /// <param name="decoder">Decodes the tiles, whose pictures must have the latents' size times the downsampling factor. It is told of the whole request.</param>
    /// <param name="tiling">How pictures are cut; the defaults when null.</param>
    /// <param name="leaveOpen">Whether <paramref name="decoder"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="decoder"/> is null.</exception>
    public TiledLatentDecoder(ILatentDecoder decoder, LatentTiling? tiling = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        (_decoder, Tiling, _leaveOpen) = (decoder, tiling ?? new LatentTiling(), leaveOpen);
    }

    /// <summary>How pictures are cut.</summary>
    public LatentTiling Tiling { get; }

    /// <inheritdoc/>
    public LatentSpace LatentSpace => _decoder.LatentSpace;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The decoder made a picture of another size out of a tile.</exception>
    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        LatentSpace.RequireChannels(latents, LatentSpace.Channels, nameof(latents));
        if (Tiling.Cut((int)latents.Lengths[2], (int)latents.Lengths[3], LatentSpace.DownsamplingFactor) is not { } grid)
        {
            return _decoder.Decode(latents, context, cancellationToken);
        }

        TileGrid pixels = grid.At(LatentSpace.DownsamplingFactor);
        nint batch = latents.Lengths[0];
        var tile = new float[batch * LatentSpace.Channels * grid.TileHeight * grid.TileWidth];
        nint channels = 0;
        float[]? pictures = null;
        for (int i = 0; i < grid.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            grid.Copy(i, latents.Values(), tile);
            Tensor<float> decoded = _decoder.Decode(Tensor.Create(tile, [batch, LatentSpace.Channels, grid.TileHeight, grid.TileWidth]), context, cancellationToken);
            if (decoded.Rank != 4 || decoded.Lengths[0] != batch || decoded.Lengths[2] != pixels.TileHeight || decoded.Lengths[3] != pixels.TileWidth)
            {
                throw new InvalidOperationException($"The latent decoder made {decoded.ShapeText()} of a tile of {grid.TileHeight} x {grid.TileWidth} latents, expected [{batch}, 3, {pixels.TileHeight}, {pixels.TileWidth}]: it cannot decode in tiles.");
            }

            channels = decoded.Lengths[1];
            pictures ??= new float[checked(batch * channels * pixels.Height * pixels.Width)];
            pixels.Add(i, decoded.Values(), pictures);
        }

        return Tensor.Create(pictures!, [batch, channels, pixels.Height, pixels.Width]);
    }

    /// <summary>Disposes the wrapped decoder unless it was to be left open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            (_decoder as IDisposable)?.Dispose();
        }
    }
}
