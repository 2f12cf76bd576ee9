using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionSharp.Text;

/// <summary>A CLIP tokenizer in a <c>tokenizer.json</c>: vocabulary and merges, and of the steps around them case, length and special tokens.</summary>
internal sealed class ClipTokenizerJson
{
    private ClipTokenizerJson(TokenizerJson file)
    {
        AddedTokens = file.AddedTokens;
        Vocabulary = ClipVocabulary.Read(file.Path, file.ModelPart("vocab", JsonValueKind.Object), AddedTokens);
        Merges = BytePairMerges.Read(file.Path, file.ModelPart("merges", JsonValueKind.Array).EnumerateArray(), Vocabulary);
        Defaults = (file.Path, ReadDefaults(file));
        if (file.Find("normalizer") is { } normalizer)
        {
            Normalization = (file.Path, Element(new JsonObject { ["do_lower_case"] = Mentions(normalizer, "Lowercase") }));
        }
    }

    public ClipVocabulary Vocabulary { get; }

    public BytePairMerges Merges { get; }

    /// <summary>Tokens that stand for themselves wherever they are written.</summary>
    public IReadOnlyList<SpecialToken> AddedTokens { get; }

    /// <summary>What the normalizer says, by the key of a <c>tokenizer_config.json</c>; null where there is none.</summary>
    public (string Path, JsonElement Root)? Normalization { get; }

    /// <summary>All else, by the keys of a <c>tokenizer_config.json</c>.</summary>
    public (string Path, JsonElement Root)? Defaults { get; }

    public static ClipTokenizerJson Load(string path)
    {
        var file = TokenizerJson.Load(path);
        file.Require("CLIP", "type", "BPE");
        file.Require("CLIP", "end_of_word_suffix", BytePairEncoder.EndOfWord);
        return new ClipTokenizerJson(file);
    }

    // The begin and the end token are what the post-processor puts around a text: of RoBERTa's kind, or a template.
    private static JsonElement ReadDefaults(TokenizerJson file)
    {
        JsonElement? processor = file.Find("post_processor");
        string?[] around = TokenizerJson.Member(processor, "single", JsonValueKind.Array) is { } template
            ? [.. template.EnumerateArray().Select(piece => TokenizerJson.Text(TokenizerJson.Member(piece, "SpecialToken", JsonValueKind.Object), "id")).OfType<string>()]
            : [First(processor, "cls"), First(processor, "sep")];
        return Element(new JsonObject
        {
            ["bos_token"] = around is [{ } begin, ..] ? begin : null,
            ["eos_token"] = around is [_, .., { } end] ? end : null,
            ["pad_token"] = TokenizerJson.Text(file.Find("padding"), "pad_token"),
            ["unk_token"] = TokenizerJson.Text(file.Model, "unk_token"),
            ["model_max_length"] = TokenizerJson.Member(file.Find("truncation"), "max_length", JsonValueKind.Number) is { } length ? JsonNode.Parse(length.GetRawText()) : null,
        });
    }

    private static bool Mentions(JsonElement normalizer, string type) => TokenizerJson.Text(normalizer, "type") == type
        || (TokenizerJson.Member(normalizer, "normalizers", JsonValueKind.Array) is { } parts && parts.EnumerateArray().Any(part => Mentions(part, type)));

    private static string? First(JsonElement? parent, string key) =>
        TokenizerJson.Member(parent, key, JsonValueKind.Array) is { } pair && pair.GetArrayLength() > 0 && pair[0].ValueKind == JsonValueKind.String ? pair[0].GetString() : null;

    private static JsonElement Element(JsonObject json) => JsonElement.Parse(json.ToJsonString());
}
