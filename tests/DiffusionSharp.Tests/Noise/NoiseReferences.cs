using System.Text.Json;

namespace DiffusionSharp.Tests.Noise;

/// <summary>What NumPy and torchsde drew (eng/fixtures/make_noise_references.py).</summary>
internal static class NoiseReferences
{
    private static readonly Lazy<JsonElement> Document = new(Load);

    public static IEnumerable<JsonElement> Of(string kind) => Document.Value.GetProperty(kind).EnumerateArray();

    private static JsonElement Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Noise", "Fixtures", "noise_references.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
