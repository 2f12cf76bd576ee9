using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>How time and pooled text reach the blocks of a transformer: each norm is scaled and shifted by them, and each result gated (adaLN-Zero, arXiv:2212.09748).</summary>
internal static class Modulation
{
    private const int Waves = 256;

    /// <summary>Time, pooled text and, where the model takes one, the guidance scale as one vector <c>[B, C]</c>.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="time">The timestep, from 0 to 1000.</param>
    /// <param name="guidance">The guidance scale times 1000; null for none.</param>
    /// <param name="pooled">The pooled text.</param>
    /// <param name="channels">How many come out.</param>
    public static Value Condition(Weights w, Value time, Value? guidance, Value pooled, int channels)
    {
        Value embedded = time.Sinusoids(Waves, cosineFirst: true, shift: 0).TimeEmbedding(w["timestep_embedder"], channels);
        if (guidance is { } scale)
        {
            embedded += scale.Sinusoids(Waves, cosineFirst: true, shift: 0).TimeEmbedding(w["guidance_embedder"], channels);
        }

        return embedded + pooled.TimeEmbedding(w["text_embedder"], channels);
    }

    /// <summary>The parts that a block's modulation consists of, <c>[B, 1, C]</c> each.</summary>
    public static Value[] Modulate(this Value condition, Weights w, int parts) =>
        [.. condition.Silu().Linear(w["linear"], parts * condition.Channels).Unsqueeze(1).Chunk(2, parts)];

    /// <summary>Normalised, scaled and shifted.</summary>
    public static Value Modulated(this Value x, Value shift, Value scale) => (x.PlainLayerNorm() * (scale + 1)) + shift;

    /// <summary>The last norm, whose scale comes before its shift.</summary>
    public static Value ModulatedLast(this Value x, Weights w, Value condition)
    {
        Value[] parts = condition.Modulate(w, 2);
        return x.Modulated(shift: parts[1], scale: parts[0]);
    }

    /// <summary>Two linear layers with the approximated GELU between.</summary>
    public static Value FeedForward(this Value x, Weights w) => x.Linear(w["net"][0]["proj"], 4 * x.Channels).TanhGelu().Linear(w["net"][2], x.Channels);
}
