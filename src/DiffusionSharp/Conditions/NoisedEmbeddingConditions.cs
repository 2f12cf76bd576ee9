using System.Numerics.Tensors;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Conditions;

/// <summary>
/// Shows a network the embedding of a picture (<see cref="ImageEmbedding"/>) in place of a class, noised, and behind it the level as cosines and sines, as Stable
/// unCLIP is. Where the condition is not seen there are zeros. Noise is drawn before the initial noise.
/// </summary>
/// <param name="space">The embeddings' means and deviations, in terms of which they are noised.</param>
/// <param name="augmentation">How they are noised.</param>
public sealed class NoisedEmbeddingConditions(EmbeddingSpace space, NoiseAugmentation augmentation) : IConditionEncoder
{
    private const double LongestPeriod = 10_000;

    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [ConditionNames.ClassLabels];

    /// <inheritdoc/>
    public bool DrawsBeforeInitialNoise => true;

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ImageEmbedding given = ImageEmbedding.Require(request, space.Channels);
        if (given.NoiseLevel < 0 || given.NoiseLevel > augmentation.Largest)
        {
            throw new ArgumentOutOfRangeException(nameof(request), given.NoiseLevel, $"{nameof(ImageEmbedding.NoiseLevel)}: the network knows noise levels from 0 to {augmentation.Largest}.");
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ImageEmbedding given = ImageEmbedding.Require(context.Request, space.Channels);
        int level = given.NoiseLevel ?? augmentation.Usual;
        int length = space.Channels;
        var labels = new float[context.Shape.Batch * 2 * length];
        for (int i = 0; i < context.Shape.Batch; i++)
        {
            Span<float> row = labels.AsSpan(i * 2 * length, 2 * length);
            Span<float> embedding = row[..length];
            given.Rows.Values().Slice(i * length % (int)given.Rows.FlattenedLength, length).CopyTo(embedding);
            space.Normalize(embedding);
            var noise = new float[length];
            context.Noise.Pictures[i].Fill(noise);
            augmentation.Schedule.AddNoise(embedding, noise, level, embedding);
            space.Restore(embedding);
            WriteLevel(level, row[length..]);
        }

        nint[] shape = [context.Shape.Batch, 2 * length];
        foreach (var term in context.Terms)
        {
            context.Add(term, new ConditionPart(ConditionNames.ClassLabels, Tensor.Create(term.SeesCondition ? labels : new float[labels.Length], shape)));
        }
    }

    // Cosines, then sines, of the level over periods that grow geometrically (Vaswani et al. 2017, arXiv:1706.03762, section 3.5).
    private static void WriteLevel(int level, Span<float> destination)
    {
        int half = destination.Length / 2;
        for (int i = 0; i < half; i++)
        {
            float frequency = MathF.Exp((float)(-Math.Log(LongestPeriod) * i / half));
            (destination[half + i], destination[i]) = MathF.SinCos(level * frequency);
        }
    }
}
