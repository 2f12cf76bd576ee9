using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>
/// The space of a prior over embeddings e of D numbers, which are diffused as <c>x = (e - mean)/deviation</c>, number by number. Samples are <c>[B, D, 1, 1]</c>
/// whatever size a request asks for.
/// </summary>
public sealed record EmbeddingSpace : VectorSpace
{
    /// <summary>Creates the space.</summary>
    /// <param name="mean">The mean of each number.</param>
    /// <param name="deviation">The standard deviation of each number, as many and not 0.</param>
    /// <exception cref="ArgumentException">They are not as many, none, or a deviation is 0.</exception>
    public EmbeddingSpace(IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        Statistics = new ChannelStatistics(mean, deviation);
        Channels = mean.Count;
    }

    /// <summary>The embeddings of samples.</summary>
    /// <param name="samples">What was diffused, <c>[B, D, 1, 1]</c>, for example <see cref="GenerationResult.Latents"/>.</param>
    /// <returns>The embeddings, <c>[B, D]</c>.</returns>
    /// <exception cref="ArgumentException">The samples are of another length.</exception>
    public Tensor<float> Embeddings(Tensor<float> samples)
    {
        RequireChannels(samples, Channels, nameof(samples));
        float[] values = samples.Values().ToArray();
        for (int i = 0; i < values.Length; i += Channels)
        {
            Restore(values.AsSpan(i, Channels));
        }

        return Tensor.Create(values, [samples.Lengths[0], Channels]);
    }
}
