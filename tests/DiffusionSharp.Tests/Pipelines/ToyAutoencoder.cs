using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>
/// Latents of four channels at an eighth of the size: block means of red, green and blue, and their mean. Decoding paints the blocks.
/// One part in both roles, as an autoencoder in one file is.
/// </summary>
internal sealed class ToyAutoencoder : ILatentDecoder, ILatentEncoder, IDisposable
{
    private int _disposals;

    public LatentSpace LatentSpace { get; init; } = new() { Channels = 4, DownsamplingFactor = 8, Scale = 0.5f, Shift = 0.1f };

    public int Disposals => _disposals;

    public CancellationToken LastToken { get; private set; }

    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        LastToken = cancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        int batch = (int)latents.Lengths[0];
        int height = (int)latents.Lengths[2] * 8;
        int width = (int)latents.Lengths[3] * 8;
        ReadOnlySpan<float> values = latents.Values();
        var pixels = new float[batch * 3 * height * width];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % width / 8;
            int y = i / width % height / 8;
            int channel = i / (width * height) % 3;
            int image = i / (width * height * 3);
            float latent = values[(((((image * 4) + channel) * (height / 8)) + y) * (width / 8)) + x];
            pixels[i] = (latent / LatentSpace.Scale) + LatentSpace.Shift;
        }

        return Tensor.Create(pixels, [batch, 3, height, width]);
    }

    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default)
    {
        LastToken = cancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        LatentSpace.RequireChannels(image, 3, nameof(image));
        int height = (int)image.Lengths[2];
        int width = (int)image.Lengths[3];
        ReadOnlySpan<float> pixels = image.Values();
        int block = height / 8 * (width / 8);
        var latents = new float[4 * block];
        for (int i = 0; i < pixels.Length; i++)
        {
            int at = (i / width % height / 8 * (width / 8)) + (i % width / 8);
            int channel = i / (width * height);
            latents[(channel * block) + at] += pixels[i] / 64;
            latents[(3 * block) + at] += pixels[i] / 192;
        }

        // A posterior of deviation 1/64.
        var draw = new float[latents.Length];
        noise.Fill(draw);
        for (int i = 0; i < latents.Length; i++)
        {
            latents[i] = (latents[i] + (draw[i] / 64) - LatentSpace.Shift) * LatentSpace.Scale;
        }

        return Tensor.Create(latents, [1, 4, height / 8, width / 8]);
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
