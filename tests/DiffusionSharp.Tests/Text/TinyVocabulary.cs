using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Writes tokenizer folders with the letters a, b and c, any merges, and the special tokens of CLIP and others.</summary>
internal static class TinyVocabulary
{
    public static readonly string[] Tokens =
    [
        "a", "b", "c", "a</w>", "b</w>", "c</w>", "!", "!</w>", "<s>", "</s>", "<pad>", "<unk>", "<|startoftext|>", "<|endoftext|>",
    ];

    public static TemporaryFolder Write(params string[] merges)
    {
        var folder = new TemporaryFolder();
        string[] tokens = [.. Tokens, .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).Distinct()];
        WriteVocabulary(folder, tokens);
        folder.Write("merges.txt", $"#version: 0.2\n{string.Join('\n', merges)}\n");
        return folder;
    }

    public static void WriteVocabulary(TemporaryFolder folder, params string[] tokens)
    {
        var ids = tokens.Select((token, id) => KeyValuePair.Create(token, id)).ToDictionary();
        folder.Write("vocab.json", JsonSerializer.Serialize(ids));
    }

    /// <summary>Encodes, and writes the tokens with a space between.</summary>
    public static string Spell(string folder, string text)
    {
        var tokenizer = ClipTokenizer.Load(folder);
        using var vocabulary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "vocab.json")));
        var tokens = vocabulary.RootElement.EnumerateObject().ToDictionary(token => token.Value.GetInt32(), token => token.Name);
        return string.Join(' ', tokenizer.Encode(text).Select(id => tokens[id]));
    }
}
