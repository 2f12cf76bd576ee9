using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>The one file of Hugging Face tokenizers, <c>tokenizer.json</c>: a model, the tokens added to it, and the steps around them.</summary>
internal sealed class TokenizerJson
{
    private readonly ConfigFile _file;

    private TokenizerJson(ConfigFile file)
    {
        _file = file;
        Model = Find("model") is { ValueKind: JsonValueKind.Object } model ? model : throw Missing("model");
        AddedTokens = [.. (file.List("added_tokens") ?? []).Select(AddedToken)];
    }

    /// <summary>The file, to name it in errors.</summary>
    public string Path => _file.Path;

    /// <summary>The vocabulary, and how a text is spelled in it.</summary>
    public JsonElement Model { get; }

    /// <summary>Tokens that stand for themselves wherever they are written.</summary>
    public IReadOnlyList<SpecialToken> AddedTokens { get; }

    public static TokenizerJson Load(string path) => new(ConfigFile.Load(path));

    public JsonElement? Find(string key) => _file.Find(key);

    /// <summary>A part of the model, which must be there.</summary>
    public JsonElement ModelPart(string key, JsonValueKind kind) => Member(Model, key, kind) ?? throw Missing($"model.{key}");

    /// <summary>Refuses a file whose model is of another kind.</summary>
    public void Require(string tokenizer, string key, string expected)
    {
        if (!Model.TryGetProperty(key, out JsonElement found) || found.ValueKind != JsonValueKind.String || !found.ValueEquals(expected))
        {
            throw new ModelFormatException(Path, $"this is no {tokenizer} tokenizer: 'model.{key}' must be \"{expected}\", found {(found.ValueKind == JsonValueKind.Undefined ? "none" : found.GetRawText())}.");
        }
    }

    /// <summary>
    /// What the file says of special tokens and length, by the keys of a <c>tokenizer_config.json</c>. The begin and the end token are what the
    /// post-processor puts around a text: of BERT's or RoBERTa's kind, or a template.
    /// </summary>
    /// <param name="begin">The key of the begin token.</param>
    /// <param name="end">The key of the end token.</param>
    /// <param name="further">Further keys.</param>
    public (string Path, JsonElement Root) Defaults(string begin, string end, params IEnumerable<KeyValuePair<string, JsonNode?>> further)
    {
        JsonElement? processor = Find("post_processor");
        string?[] around = Member(processor, "single", JsonValueKind.Array) is { } template
            ? [.. template.EnumerateArray().Select(piece => Text(Member(piece, "SpecialToken", JsonValueKind.Object), "id")).OfType<string>()]
            : [First(processor, "cls"), First(processor, "sep")];
        var defaults = new JsonObject(further)
        {
            [begin] = around is [{ } first, ..] ? first : null,
            [end] = around is [_, .., { } last] ? last : null,
            ["pad_token"] = Text(Find("padding"), "pad_token"),
            ["unk_token"] = Text(Model, "unk_token"),
            ["model_max_length"] = Member(Find("truncation"), "max_length", JsonValueKind.Number) is { } length ? JsonNode.Parse(length.GetRawText()) : null,
        };
        return (Path, JsonElement.Parse(defaults.ToJsonString()));
    }

    public static string? Text(JsonElement? parent, string key) => Member(parent, key, JsonValueKind.String) is { } text ? Text(text) : null;

    /// <summary>A text, or null where the element is something else or has half of a surrogate pair, as no token has.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool IsTrue(JsonElement? parent, string key) => Member(parent, key, JsonValueKind.True) is not null;

    public static JsonElement? Member(JsonElement? parent, string key, JsonValueKind kind) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(key, out JsonElement member) && member.ValueKind == kind ? member : null;

    public ModelFormatException Wrong(string key, string expected, JsonElement found) => _file.Wrong(key, expected, found);

    private static string? First(JsonElement? parent, string key) =>
        Member(parent, key, JsonValueKind.Array) is { } pair && pair.GetArrayLength() > 0 && pair[0].ValueKind == JsonValueKind.String ? pair[0].GetString() : null;

    private SpecialToken AddedToken(JsonElement token) =>
        Text(token, "content") is { Length: > 0 } text && Member(token, "id", JsonValueKind.Number) is { } number && number.TryGetInt32(out int id) && id >= 0
            ? new SpecialToken(text, id, IsTrue(token, "lstrip"), IsTrue(token, "rstrip"))
            : throw Wrong("added_tokens", "a list of tokens with 'content' and 'id'", token);

    private ModelFormatException Missing(string key) => new(Path, $"the key '{key}' is missing.");
}
