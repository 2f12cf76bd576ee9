namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>What the fixtures' transformers make of tokens, here in double.</summary>
internal static class TransformerFormula
{
    public const int Layers = 3;
    public const int Width = 4;

    private static readonly double[] Gain = [0.5, 1, 1.5, 2];
    private static readonly double[] Bias = [0.25, -0.5, 0, 1];

    /// <summary>The state behind a number of layers, <c>[S, 4]</c>.</summary>
    public static double[] State(IReadOnlyList<int> ids, int layers) => State([.. ids.Select(Embedding)], layers);

    /// <summary>The state behind a number of layers of embeddings of one's own.</summary>
    public static double[] State(IReadOnlyList<double[]> embeddings, int layers) =>
        [.. embeddings.SelectMany((embedding, place) => Through([.. embedding.Select((value, d) => value + (place / 8.0) - (d / 4.0))], layers))];

    /// <summary>What a number of layers make of the vector of a token.</summary>
    public static double[] Through(double[] x, int layers)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            x = [.. x.Zip(Unit(x), (a, b) => a + (b / 2))];
            x = [.. x.Zip(Unit(x), (a, b) => a + (1 / (1 + Math.Exp(-b))))];
        }

        return x;
    }

    /// <summary>A state as the last norm leaves it.</summary>
    public static double[] Normed(double[] state) => [.. state.Chunk(Width).SelectMany(x => Unit(x).Select((value, d) => (value * Gain[d]) + Bias[d]))];

    /// <summary>The vector of a token.</summary>
    public static double[] Embedding(int id) => [.. Enumerable.Range(0, Width).Select(d => ((((id * 7) + (d * 5)) % 13) - 6) / 4.0)];

    private static double[] Unit(double[] x)
    {
        double mean = x.Average();
        double deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-5);
        return [.. x.Select(value => (value - mean) / deviation)];
    }
}
