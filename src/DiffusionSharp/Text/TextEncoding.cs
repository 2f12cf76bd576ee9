using System.Numerics.Tensors;

namespace DiffusionSharp.Text;

/// <summary>The embeddings of a batch of B prompts.</summary>
public sealed record TextEncoding
{
    /// <summary>One vector per token for cross-attention, <c>[B, S, D]</c>.</summary>
    public required Tensor<float> Context { get; init; }

    /// <summary>One vector per prompt, <c>[B, P]</c>; null when the encoder has none.</summary>
    public Tensor<float>? Pooled { get; init; }

    /// <summary>For each prompt the end of it that did not fit into the encoder, or null where everything fitted.</summary>
    public required IReadOnlyList<string?> TruncatedTexts { get; init; }
}
