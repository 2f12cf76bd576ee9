using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>
/// How models with several text encoders are conditioned on what these give, for <see cref="DiffusionPipelineBuilder.UseTextEncoders"/>. What is joined is
/// in the order of the encoders, and of the same rows.
/// </summary>
public static class TextJoins
{
    private const int Tokens = 1;
    private const int Features = 2;

    /// <summary>SDXL (Podell et al. 2023, arXiv:2307.01952, section 2.1): the tokens' features side by side, <c>[B, S, D1 + D2]</c>, and the last encoder's pooled vector.</summary>
    /// <param name="texts">What each encoder gave: contexts of as many tokens, pooled vectors.</param>
    /// <returns>Context and pooled vector.</returns>
    /// <exception cref="ArgumentException">An encoder gives no context, or of another number of tokens, or the last one no pooled vector.</exception>
    public static Conditioning StableDiffusionXL(IReadOnlyList<Conditioning> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Conditioning.None
            .With(ConditionNames.Context, SideBySide(texts))
            .With(ConditionNames.Pooled, Part(texts[^1], ConditionNames.Pooled));
    }

    /// <summary>
    /// Stable Diffusion 3 (Esser et al. 2024, arXiv:2403.03206, appendix B.3): the features of two CLIP encoders side by side, filled up with zeros to the width of T5,
    /// before the tokens of T5, or before as many tokens of zeros where there is no T5; and both pooled vectors, one behind the other.
    /// </summary>
    /// <param name="texts">What each encoder gave: two CLIP encoders and perhaps T5.</param>
    /// <param name="width">The width of T5's features, which the network takes.</param>
    /// <returns>Context and pooled vector.</returns>
    /// <exception cref="ArgumentException">An encoder lacks a part, or is wider than <paramref name="width"/>.</exception>
    public static Conditioning StableDiffusion3(IReadOnlyList<Conditioning> texts, int width)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Conditioning[] clips = [.. texts.Take(2)];
        Tensor<float> both = SideBySide(clips);
        nint missing = width - both.Lengths[Features];
        if (missing < 0)
        {
            throw new ArgumentException($"The features of the CLIP encoders have a width of {both.Lengths[Features]}, more than the {width} of T5 that the network takes.", nameof(texts));
        }

        Tensor<float> filled = missing == 0 ? both : Tensor.ConcatenateOnDimension<float>(Features, [both, Tensor.CreateFromShape<float>([both.Lengths[0], both.Lengths[Tokens], missing])]);
        Tensor<float> third = texts.Count > 2 ? Part(texts[2], ConditionNames.Context) : Tensor.CreateFromShape<float>(filled.Lengths);
        return Conditioning.None
            .With(ConditionNames.Context, Tensor.ConcatenateOnDimension<float>(Tokens, [filled, third]))
            .With(ConditionNames.Pooled, Tensor.ConcatenateOnDimension<float>(1, [.. clips.Select(clip => Part(clip, ConditionNames.Pooled))]));
    }

    /// <summary>Flux: CLIP's pooled vector and the tokens of T5.</summary>
    /// <param name="texts">What CLIP and T5 gave.</param>
    /// <returns>Context and pooled vector.</returns>
    /// <exception cref="ArgumentException">CLIP gives no pooled vector, or T5 no context.</exception>
    public static Conditioning Flux(IReadOnlyList<Conditioning> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Conditioning.None
            .With(ConditionNames.Context, Part(texts[^1], ConditionNames.Context))
            .With(ConditionNames.Pooled, Part(texts[0], ConditionNames.Pooled));
    }

    private static Tensor<float> SideBySide(IReadOnlyList<Conditioning> texts)
    {
        Tensor<float>[] contexts = [.. texts.Select(text => Part(text, ConditionNames.Context))];
        return Array.Find(contexts, context => context.Lengths[Tokens] != contexts[0].Lengths[Tokens]) is { } other
            ? throw new ArgumentException($"The features of two text encoders stand side by side, but one read {contexts[0].Lengths[Tokens]} tokens and the other {other.Lengths[Tokens]}: their prompts must be about as long.")
            : contexts.Length == 1 ? contexts[0] : Tensor.ConcatenateOnDimension<float>(Features, contexts);
    }

    private static Tensor<float> Part(Conditioning text, string name) => text[name]?.Values
        ?? throw new ArgumentException($"A text encoder gives {text}, but this model needs its '{name}', too.");
}
