using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Latents.Tiling;

/// <summary>
/// An autoencoder with a known receptive field: a box mean over a few latents in every direction, zero outside, and pixels that repeat latents. What
/// it makes of a place depends on that neighbourhood only, as in a network of convolutions. Counts how often it is asked.
/// </summary>
internal sealed class Blur(int radius, int factor = 4, bool wraps = false) : ILatentDecoder, ILatentEncoder, IDisposable
{
    public LatentSpace LatentSpace { get; } = new() { Channels = 3, DownsamplingFactor = factor };

    public List<string> Shapes { get; } = [];

    public Action BeforeCall { get; set; } = () => { };

    public bool IsDisposed { get; private set; }

    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        BeforeCall();
        Shapes.Add(latents.ShapeText());
        Tensor<float> means = Mean(latents);
        return means.Resize((int)means.Lengths[2] * factor, (int)means.Lengths[3] * factor, Resampling.Nearest);
    }

    // A latent is the mean of the neighbourhood's upper left pixels, with a posterior of deviation 1/2.
    public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default)
    {
        BeforeCall();
        Shapes.Add(image.ShapeText());
        Tensor<float> mean = Mean(image.Resize((int)image.Lengths[2] / factor, (int)image.Lengths[3] / factor, Resampling.Nearest));
        var draw = new float[mean.FlattenedLength];
        noise.Fill(draw);
        return Tensor.Create([.. draw.Zip(mean.Values().ToArray(), (n, m) => m + (0.5f * n))], mean.Lengths);
    }

    public void Dispose() => IsDisposed = true;

    private Tensor<float> Mean(Tensor<float> planes)
    {
        (int height, int width) = ((int)planes.Lengths[2], (int)planes.Lengths[3]);
        float[] values = planes.Values().ToArray();
        var means = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int plane, int place) = Math.DivRem(i, height * width);
            (int y, int x) = Math.DivRem(place, width);
            double sum = 0;
            for (int dy = -radius; dy <= radius; dy++)
            {
                for (int dx = -radius; dx <= radius; dx++)
                {
                    (int row, int column) = wraps ? ((y + dy + height) % height, (x + dx + width) % width) : (y + dy, x + dx);
                    sum += row < 0 || row >= height || column < 0 || column >= width ? 0 : values[(((plane * height) + row) * width) + column];
                }
            }

            means[i] = (float)(sum / ((2 * radius) + 1) / ((2 * radius) + 1));
        }

        return Tensor.Create(means, planes.Lengths);
    }
}
