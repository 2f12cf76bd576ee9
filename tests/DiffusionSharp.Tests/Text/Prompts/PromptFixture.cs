using System.Text.Json;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>What other code makes of prompts; eng/fixtures/make_prompt_fixtures.py says which.</summary>
internal static class PromptFixture
{
    private static readonly JsonElement Root = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", "Fixtures", "prompts.json")));

    public static IEnumerable<JsonElement> Of(string kind) => Root.GetProperty(kind).EnumerateArray();

    public static string Prompt(this JsonElement recorded) => recorded.GetProperty("prompt").GetString()!;

    public static IEnumerable<(string Text, double Weight)> Parsed(this JsonElement recorded) =>
        recorded.GetProperty("parsed").EnumerateArray().Select(piece => (piece[0].GetString()!, piece[1].GetDouble()));

    public static int[] Ids(this JsonElement chunk) => [.. chunk.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    public static float[] Weights(this JsonElement chunk) => [.. chunk.GetProperty("weights").EnumerateArray().Select(weight => (float)weight.GetDouble())];
}
