namespace DiffusionSharp.Conditions;

/// <summary>Shows a network the embedding of a picture (<see cref="ImageEmbedding"/>), as Kandinsky 2.2 is.</summary>
/// <param name="length">D, how many numbers the network takes.</param>
public sealed class ImageEmbeddingConditions(int length) : IConditionEncoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [ConditionNames.Pooled];

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Conditioning[ConditionNames.Pooled] is null && ImageEmbedding.Require(request, length).NoiseLevel is not null)
        {
            throw new ArgumentException($"The network takes the embedding as it is: leave {nameof(ImageEmbedding.NoiseLevel)} out.", nameof(request));
        }
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ImageEmbedding given = ImageEmbedding.Require(context.Request, length);
        foreach (var term in context.Terms)
        {
            context.Add(term, new ConditionPart(ConditionNames.Pooled, term.SeesCondition ? given.Rows : given.Negative ?? throw Missing()));
        }
    }

    private static ArgumentException Missing() => new(
        $"Guidance needs something to move away from: set {nameof(ImageEmbedding)}.{nameof(ImageEmbedding.Negative)}, for example to the embedding of an empty picture, or a scale of 1.",
        nameof(ImageEmbedding.Negative));
}
