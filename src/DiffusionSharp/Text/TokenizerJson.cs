using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>
/// A CLIP tokenizer in the one file of Hugging Face tokenizers: vocabulary and merges, the tokens added to them, and the steps around them,
/// of which case, length and special tokens are read.
/// </summary>
internal sealed class TokenizerJson
{
    private TokenizerJson(ConfigFile file, JsonElement model)
    {
        AddedTokens = [.. (file.List("added_tokens") ?? []).Select(token => AddedToken(file, token))];
        Vocabulary = ClipVocabulary.Read(file.Path, Member(model, "vocab", JsonValueKind.Object) ?? throw Missing(file, "model.vocab"), AddedTokens);
        JsonElement merges = Member(model, "merges", JsonValueKind.Array) ?? throw Missing(file, "model.merges");
        Merges = BytePairMerges.Read(file.Path, merges.EnumerateArray(), Vocabulary);
        Defaults = (file.Path, ReadDefaults(file, model));
        if (file.Find("normalizer") is { } normalizer)
        {
            Normalization = (file.Path, Element(new JsonObject { ["do_lower_case"] = Mentions(normalizer, "Lowercase") }));
        }
    }

    public ClipVocabulary Vocabulary { get; }

    public BytePairMerges Merges { get; }

    /// <summary>Tokens that stand for themselves wherever they are written.</summary>
    public IReadOnlyList<ClipSpecialToken> AddedTokens { get; }

    /// <summary>What the normalizer says, by the key of a <c>tokenizer_config.json</c>; null where there is none.</summary>
    public (string Path, JsonElement Root)? Normalization { get; }

    /// <summary>All else, by the keys of a <c>tokenizer_config.json</c>.</summary>
    public (string Path, JsonElement Root)? Defaults { get; }

    public static TokenizerJson Load(string path)
    {
        var file = ConfigFile.Load(path);
        if (file.Find("model") is not { ValueKind: JsonValueKind.Object } model)
        {
            throw Missing(file, "model");
        }

        Require(file, model, "type", "BPE");
        Require(file, model, "end_of_word_suffix", BytePairEncoder.EndOfWord);
        return new TokenizerJson(file, model);
    }

    private static void Require(ConfigFile file, JsonElement model, string key, string expected)
    {
        if (!model.TryGetProperty(key, out JsonElement found) || found.ValueKind != JsonValueKind.String || !found.ValueEquals(expected))
        {
            throw new ModelFormatException(file.Path, $"this is no CLIP tokenizer: 'model.{key}' must be \"{expected}\", found {(found.ValueKind == JsonValueKind.Undefined ? "none" : found.GetRawText())}.");
        }
    }

    private static ClipSpecialToken AddedToken(ConfigFile file, JsonElement token) =>
        Member(token, "content", JsonValueKind.String)?.GetString() is { Length: > 0 } text && Member(token, "id", JsonValueKind.Number) is { } number && number.TryGetInt32(out int id) && id >= 0
            ? new ClipSpecialToken(text, id)
            : throw file.Wrong("added_tokens", "a list of tokens with 'content' and 'id'", token);

    // The begin and the end token are what the post-processor puts around a text: of RoBERTa's kind, or a template.
    private static JsonElement ReadDefaults(ConfigFile file, JsonElement model)
    {
        JsonElement? processor = file.Find("post_processor");
        string?[] around = Member(processor, "single", JsonValueKind.Array) is { } template
            ? [.. template.EnumerateArray().Select(piece => Text(Member(piece, "SpecialToken", JsonValueKind.Object), "id")).OfType<string>()]
            : [First(processor, "cls"), First(processor, "sep")];
        return Element(new JsonObject
        {
            ["bos_token"] = around is [{ } begin, ..] ? begin : null,
            ["eos_token"] = around is [_, .., { } end] ? end : null,
            ["pad_token"] = Text(file.Find("padding"), "pad_token"),
            ["unk_token"] = Text(model, "unk_token"),
            ["model_max_length"] = Member(file.Find("truncation"), "max_length", JsonValueKind.Number) is { } length ? JsonNode.Parse(length.GetRawText()) : null,
        });
    }

    private static bool Mentions(JsonElement normalizer, string type) => Text(normalizer, "type") == type
        || (Member(normalizer, "normalizers", JsonValueKind.Array) is { } parts && parts.EnumerateArray().Any(part => Mentions(part, type)));

    private static string? First(JsonElement? parent, string key) =>
        Member(parent, key, JsonValueKind.Array) is { } pair && pair.GetArrayLength() > 0 && pair[0].ValueKind == JsonValueKind.String ? pair[0].GetString() : null;

    private static string? Text(JsonElement? parent, string key) => Member(parent, key, JsonValueKind.String)?.GetString();

    private static JsonElement? Member(JsonElement? parent, string key, JsonValueKind kind) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(key, out JsonElement member) && member.ValueKind == kind ? member : null;

    private static JsonElement Element(JsonObject json) => JsonElement.Parse(json.ToJsonString());

    private static ModelFormatException Missing(ConfigFile file, string key) => new(file.Path, $"the key '{key}' is missing.");
}
