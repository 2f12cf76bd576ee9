using System.Runtime.InteropServices;
using System.Text.Json;

namespace DiffusionSharp.Tests.Noise;

/// <summary>Values that PyTorch 1.13.1 drew on a CPU with AVX2; the format is described in the file.</summary>
internal static class TorchRngVectors
{
    private static readonly Lazy<JsonElement> Document = new(Load);

    public static JsonElement All => Document.Value;

    public static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetSingle())];

    /// <summary>Equality of bits, for which 0 and -0 differ.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string? context = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        int common = MemoryMarshal.Cast<float, int>(expected).CommonPrefixLength(MemoryMarshal.Cast<float, int>(actual));
        if (common < expected.Length)
        {
            Assert.Fail($"Value {common} of {expected.Length} is {actual[common]:G9}, not {expected[common]:G9}. {context}");
        }
    }

    private static JsonElement Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Noise", "Fixtures", "torch_rng.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
