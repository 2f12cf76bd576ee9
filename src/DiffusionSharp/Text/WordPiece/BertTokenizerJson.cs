using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionSharp.Text;

/// <summary>A BERT tokenizer in a <c>tokenizer.json</c>: a WordPiece vocabulary, and what is done to letters before.</summary>
internal sealed class BertTokenizerJson
{
    private const string Continuation = "##";

    private BertTokenizerJson(TokenizerJson file)
    {
        AddedTokens = file.AddedTokens;
        Vocabulary = WordPieceVocabulary.Of(file.Path, ReadTokens(file));
        JsonElement normalizer = Step(file, "normalizer", "BertNormalizer");
        Step(file, "pre_tokenizer", "BertPreTokenizer");
        if (!TokenizerJson.IsTrue(normalizer, "clean_text"))
        {
            throw file.Wrong("normalizer.clean_text", "true", normalizer);
        }

        Defaults = file.Defaults(
            "cls_token",
            "sep_token",
            KeyValuePair.Create("do_lower_case", Flag(normalizer, "lowercase")),
            KeyValuePair.Create("strip_accents", Flag(normalizer, "strip_accents")),
            KeyValuePair.Create("tokenize_chinese_chars", Flag(normalizer, "handle_chinese_chars")));
    }

    public WordPieceVocabulary Vocabulary { get; }

    /// <summary>Tokens that stand for themselves wherever they are written.</summary>
    public IReadOnlyList<SpecialToken> AddedTokens { get; }

    /// <summary>All else, by the keys of a <c>tokenizer_config.json</c>.</summary>
    public (string Path, JsonElement Root) Defaults { get; }

    public static BertTokenizerJson Load(string path)
    {
        var file = TokenizerJson.Load(path);
        file.Require("BERT", "type", "WordPiece");
        file.Require("BERT", "continuing_subword_prefix", Continuation);
        return file.ModelPart("max_input_chars_per_word", JsonValueKind.Number) is var longest && longest.TryGetInt32(out int characters) && characters == WordPieceVocabulary.LongestWord
            ? new BertTokenizerJson(file)
            : throw file.Wrong("model.max_input_chars_per_word", $"{WordPieceVocabulary.LongestWord}", longest);
    }

    private static string[] ReadTokens(TokenizerJson file)
    {
        JsonElement vocabulary = file.ModelPart("vocab", JsonValueKind.Object);
        var tokens = new string?[vocabulary.GetPropertyCount()];
        foreach (JsonProperty token in vocabulary.EnumerateObject())
        {
            if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out int id) || id < 0 || id >= tokens.Length || tokens[id] is not null)
            {
                throw file.Wrong($"model.vocab.{token.Name}", $"an id from 0 to {tokens.Length - 1} that no other token has", token.Value);
            }

            tokens[id] = token.Name;
        }

        return tokens!;
    }

    private static JsonElement Step(TokenizerJson file, string key, string type) => file.Find(key) is { } step && TokenizerJson.Text(step, "type") == type
        ? step
        : throw new ModelFormatException(file.Path, $"'{key}' must be a {type}, found {file.Find(key)?.GetRawText() ?? "none"}.");

    private static JsonNode? Flag(JsonElement normalizer, string key) => normalizer.TryGetProperty(key, out JsonElement value) ? JsonNode.Parse(value.GetRawText()) : null;
}
