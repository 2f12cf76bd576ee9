using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>The embeddings of pictures that a network draws after: those that a prior makes of a prompt, an encoder of a picture, or a mixture of both.</summary>
/// <param name="Rows">The embedding, <c>[1, D]</c>, or one for each of the pictures of the request.</param>
public sealed record ImageEmbedding(Tensor<float> Rows) : IRequestPart
{
    /// <summary>What guidance moves away from, of the same form, for models that do not know by themselves what an embedding of nothing is.</summary>
    public Tensor<float>? Negative { get; init; }

    /// <summary>The timestep to which the embedding is noised, for models that were trained so; 0 unless set.</summary>
    public int? NoiseLevel { get; init; }

    /// <summary>The embedding at a share of the way from one to another, along the great circle between them and of their length (Ramesh et al. 2022, arXiv:2204.06125, section 3.2).</summary>
    /// <param name="from">An embedding, <c>[1, D]</c>.</param>
    /// <param name="to">Another one.</param>
    /// <param name="share">0 for the first, 1 for the second.</param>
    /// <returns>The embedding, <c>[1, D]</c>.</returns>
    /// <exception cref="ArgumentException">They are of different lengths.</exception>
    public static Tensor<float> Between(Tensor<float> from, Tensor<float> to, double share)
    {
        ReadOnlySpan<float> a = from.Values();
        ReadOnlySpan<float> b = to.Values();
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"There is no way from an embedding of {a.Length} numbers to one of {b.Length}.", nameof(to));
        }

        double cosine = TensorPrimitives.CosineSimilarity(a, b);
        double angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        double sine = Math.Sin(angle);

        // Along a line where they have one direction, or opposite ones.
        (double first, double second) = sine < 1e-4 ? (1 - share, share) : (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
        var mixed = new float[a.Length];
        for (int i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (float)((first * a[i]) + (second * b[i]));
        }

        return Tensor.Create(mixed, from.Lengths);
    }

    /// <inheritdoc/>
    public IRequestPart Of(int picture) => this with { Rows = Row(Rows, picture)!, Negative = Row(Negative, picture) };

    /// <summary>The embedding of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="length">D, how many numbers the network takes.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentException">There is none, or it has another form.</exception>
    public static ImageEmbedding Require(GenerationRequest request, int length)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImageEmbedding given = request.Part<ImageEmbedding>()
            ?? throw new ArgumentException($"The network draws after the embedding of a picture, and the request has none: add an {nameof(ImageEmbedding)} to {nameof(request.Parts)}.", nameof(request));
        RequireRows(nameof(Rows), given.Rows, request.Count, length);
        if (given.Negative is { } negative)
        {
            RequireRows(nameof(Negative), negative, request.Count, length);
        }

        return given;
    }

    private static void RequireRows(string name, Tensor<float> rows, int count, int length)
    {
        if (rows.Rank != 2 || rows.Lengths[1] != length || (rows.Lengths[0] != 1 && rows.Lengths[0] != count))
        {
            throw new ArgumentException($"The embedding has the shape {rows.ShapeText()}, but the network takes [1, {length}]{(count == 1 ? "" : $" or [{count}, {length}]")}.", name);
        }

        if (!TensorPrimitives.IsFiniteAll(rows.Values()))
        {
            throw new ArgumentException("The embedding has values that are not finite numbers.", name);
        }
    }

    private static Tensor<float>? Row(Tensor<float>? rows, int picture) => rows is null || rows.Rank == 0 || rows.Lengths[0] == 1 ? rows : rows.Rows(picture, 1);
}
