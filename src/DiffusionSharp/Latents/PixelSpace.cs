using System.Numerics.Tensors;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Latents;

/// <summary>The decoder and encoder of models that diffuse pixels: both return what they are given.</summary>
public sealed class PixelSpace : ILatentDecoder, ILatentEncoder
{
    /// <summary>Creates the identity.</summary>
    /// <param name="channels">3 for RGB, 1 for gray.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channels"/> is below 1.</exception>
    public PixelSpace(int channels = 3) => LatentSpace = LatentSpace.Pixels(channels);

    /// <inheritdoc/>
    public LatentSpace LatentSpace { get; }

    /// <inheritdoc/>
    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default) => Checked(latents, nameof(latents));

    /// <inheritdoc/>
    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default) => Checked(image, nameof(image));

    private Tensor<float> Checked(Tensor<float> tensor, string name)
    {
        LatentSpace.RequireChannels(tensor, LatentSpace.Channels, name);
        return tensor;
    }
}
