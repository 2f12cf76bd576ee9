using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>The embeddings of a batch of B prompts.</summary>
/// <param name="Parts">
/// What a network is conditioned on at first, a row for each prompt: usually <see cref="ConditionNames.Context"/> <c>[B, S, D]</c>, and where the encoder
/// has them <see cref="ConditionNames.Pooled"/> <c>[B, P]</c> and <see cref="ConditionNames.ContextMask"/> <c>[B, S]</c>.
/// </param>
public sealed record TextEncoding(Conditioning Parts)
{
    /// <summary>What takes the place of a prompt's row on the way; empty where nothing changes.</summary>
    public IReadOnlyList<TextChange> Changes { get; init; } = [];

    /// <summary>For each prompt the end of it that did not fit into the encoder, or null where everything fitted; empty where nothing is ever left out.</summary>
    public IReadOnlyList<string?> TruncatedTexts { get; init; } = [];
}
