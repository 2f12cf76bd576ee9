using System.Globalization;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Which timesteps guided-diffusion's respacing keeps, from the first one up.</summary>
internal static class Respacing
{
    private const string Strided = "ddim";

    /// <param name="text">"ddimN" for N by a whole stride; else how many are kept of each of so many equal sections.</param>
    /// <param name="timesteps">How many there are.</param>
    public static int[] Of(string text, int timesteps)
    {
        if (text.StartsWith(Strided, StringComparison.Ordinal))
        {
            int wanted = Number(text[Strided.Length..]);
            int stride = Enumerable.Range(1, timesteps).First(by => (timesteps + by - 1) / by == wanted);
            return [.. Enumerable.Range(0, wanted).Select(i => i * stride)];
        }

        int[] counts = [.. text.Split(',').Select(Number)];
        var kept = new List<int>();
        int first = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int size = (timesteps / counts.Length) + (i < timesteps % counts.Length ? 1 : 0);
            double stride = counts[i] <= 1 ? 1 : (size - 1) / (counts[i] - 1.0);
            double at = 0;
            for (int k = 0; k < counts[i]; k++, at += stride)
            {
                kept.Add(first + (int)Math.Round(at));
            }

            first += size;
        }

        return [.. kept];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
