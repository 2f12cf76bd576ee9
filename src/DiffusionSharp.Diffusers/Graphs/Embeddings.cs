namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Numbers as waves of many lengths.</summary>
internal static class Embeddings
{
    private const double LongestPeriod = 10_000;

    /// <summary>Sines and cosines of a number, arXiv:1706.03762, section 3.5.</summary>
    /// <param name="x">The numbers, <c>[N]</c> or a single one.</param>
    /// <param name="channels">How many sines and cosines together.</param>
    /// <param name="cosineFirst">Whether the cosines come first.</param>
    /// <param name="shift">What is taken from the number of waves before it divides the exponent: with 1 the last wave has the longest period.</param>
    /// <returns><c>[N, channels]</c>, of one row for a single number.</returns>
    public static Value Sinusoids(this Value x, int channels, bool cosineFirst, float shift)
    {
        int half = channels / 2;
        // In float32 as PyTorch does: at timestep 999 a rounding of the frequency is seen.
        float step = (float)-Math.Log(LongestPeriod);
        float[] frequencies = [.. Enumerable.Range(0, half).Select(i => MathF.Exp(step * i / (half - shift)))];
        Value angles = x.Reshape(-1, 1) * x.Graph.Constant(frequencies, 1, half);
        Value sine = x.Graph.Node("Sin", half, [angles]);
        Value cosine = x.Graph.Node("Cos", half, [angles]);
        Value waves = cosineFirst ? Shapes.ConcatChannels(1, cosine, sine) : Shapes.ConcatChannels(1, sine, cosine);
        return channels % 2 == 0 ? waves : Shapes.ConcatChannels(1, waves, x.Reshape(-1, 1).WithChannels(1) * 0f);
    }

    /// <summary>Two linear layers with an activation between, SiLU where none is given, named as diffusers' TimestepEmbedding.</summary>
    public static Value TimeEmbedding(this Value x, Weights w, int channels, Func<Value, Value>? activation = null)
    {
        Value hidden = x.Linear(w["linear_1"], channels);
        return (activation?.Invoke(hidden) ?? hidden.Silu()).Linear(w["linear_2"], channels);
    }
}
