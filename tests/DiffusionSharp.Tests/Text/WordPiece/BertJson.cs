using System.Text.Json.Nodes;

namespace DiffusionSharp.Tests.Text;

/// <summary>Writes a BERT tokenizer as one file, as transformers saves it.</summary>
internal static class BertJson
{
    public static JsonObject Of(IEnumerable<string> vocabulary, bool isLowercase = true, bool? stripsAccents = null, bool splitsIdeographs = true)
    {
        string[] tokens = [.. vocabulary];
        string[] added = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        return new JsonObject
        {
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added.Select(token => new JsonObject { ["id"] = Array.IndexOf(tokens, token), ["content"] = token, ["special"] = true })]),
            ["normalizer"] = new JsonObject { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = splitsIdeographs, ["strip_accents"] = stripsAccents, ["lowercase"] = isLowercase },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Part("SpecialToken", "[CLS]"), Part("Sequence", "A"), Part("SpecialToken", "[SEP]")),
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            },
        };
    }

    private static JsonObject Part(string kind, string id) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };
}
