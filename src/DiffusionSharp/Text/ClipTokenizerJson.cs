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
        Defaults = file.Defaults("bos_token", "eos_token");
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

    private static bool Mentions(JsonElement normalizer, string type) => TokenizerJson.Text(normalizer, "type") == type
        || (TokenizerJson.Member(normalizer, "normalizers", JsonValueKind.Array) is { } parts && parts.EnumerateArray().Any(part => Mentions(part, type)));

    private static JsonElement Element(JsonObject json) => JsonElement.Parse(json.ToJsonString());
}
