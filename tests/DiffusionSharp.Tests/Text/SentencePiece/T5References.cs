using System.Text.Json;

namespace DiffusionSharp.Tests.Text;

/// <summary>What Google's sentencepiece makes of texts, recorded by <c>eng/fixtures/make_sentencepiece_references.py</c>.</summary>
internal static class T5References
{
    /// <summary>Names a folder of more models and texts that the script has written.</summary>
    public const string FolderVariable = "DIFFUSIONSHARP_SENTENCEPIECE_REFERENCES";

    public static string Folder { get; } = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "Text", "Fixtures", "sentencepiece");

    public static IEnumerable<string> Models { get; } = [.. Directory.GetFiles(Folder, "*.model").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>A tokenizer folder with the model in it.</summary>
    public static TemporaryFolder Write(string model)
    {
        var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Folder, $"{model}.model"), folder.File("spiece.model"));
        return folder;
    }

    public static IReadOnlyList<Case> Read(string model) => JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(Folder, $"{model}.json")), JsonSerializerOptions.Web)!;

    /// <summary>A text, its ids, and for some models the text of these ids, and the ids behind a special token of a tokenizer that is not legacy.</summary>
    internal sealed record Case(string Text, int[] Ids, string? Decoded, int[]? Behind);
}
