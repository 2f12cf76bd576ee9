using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// unCLIP's projection of a picture's embedding and the prompt (Ramesh et al. 2022, arXiv:2204.06125, section 2.1): tokens of the embedding, mostly four, before those
/// of the prompt, and what is added to the timestep's embedding in place of a class. With guidance both terms go through one graph, the unconditional one first.
/// </summary>
internal sealed class TextProjectionConditions(TextProjection guided, TextProjection unguided) : IConditionEncoder, IDisposable
{
    public IReadOnlyList<string> Provides { get; } = [];

    public void Check(GenerationRequest request)
    {
        if (ImageEmbedding.Require(request, guided.Length).NoiseLevel is not null)
        {
            throw new ArgumentException("The network takes the embedding as it is: leave the noise level out.", nameof(ImageEmbedding.NoiseLevel));
        }
    }

    public void Encode(ConditionContext context)
    {
        int batch = context.Shape.Batch;
        Tensor<float> embeddings = Conditioning.None.With(ConditionNames.Pooled, ImageEmbedding.Require(context.Request, guided.Length).Rows).Expand(batch)[ConditionNames.Pooled]!.Values;
        var terms = context.Terms.OrderBy(term => term.SeesCondition).ToArray();
        Conditioning texts = Conditioning.Stack([.. terms.Select(term => context.Of(term).Expand(batch))]);
        Tensor<float> mask = texts[ConditionNames.ContextMask]?.Values ?? throw new InvalidOperationException("The text encoder gives no mask.");
        Conditioning projected = (terms.Length > 1 ? guided : unguided).Run(embeddings, texts, context.CancellationToken);
        projected = projected.With(ConditionNames.ContextMask, WithExtraTokens(mask, (int)projected[ConditionNames.Context]!.Values.Lengths[1]));
        for (int i = 0; i < terms.Length; i++)
        {
            foreach (ConditionPart part in projected.Rows(i * batch, batch).Parts)
            {
                context.Add(terms[i], part);
            }
        }
    }

    public void Dispose()
    {
        guided.Dispose();
        unguided.Dispose();
    }

    // They stand before the prompt's, and all of them count.
    private static Tensor<float> WithExtraTokens(Tensor<float> mask, int all)
    {
        (int rows, int length) = ((int)mask.Lengths[0], (int)mask.Lengths[1]);
        var longer = new float[rows * all];
        Array.Fill(longer, 1);
        for (int i = 0; i < rows; i++)
        {
            mask.Values().Slice(i * length, length).CopyTo(longer.AsSpan((i * all) + all - length));
        }

        return Tensor.Create(longer, [rows, all]);
    }
}
