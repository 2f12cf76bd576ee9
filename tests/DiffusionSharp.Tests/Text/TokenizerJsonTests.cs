using System.Text.Json.Nodes;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Folders with a <c>tokenizer.json</c> in place of vocabulary and merges.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_ids_are_those_of_the_two_files(bool mergesAreLists)
    {
        Write(ClipFolders.Emoji, mergesAreLists);
        File.Copy(Path.Combine(ClipFolders.Emoji, "tokenizer_config.json"), _folder.File("tokenizer_config.json"));
        (ClipTokenizer expected, ClipTokenizer actual) = (ClipTokenizer.Load(ClipFolders.Emoji), ClipTokenizer.Load(_folder.Path));
        Assert.Equal((expected.MaxLength, expected.VocabularySize, expected.BeginTokenId, expected.EndTokenId, expected.PaddingTokenId), (actual.MaxLength, actual.VocabularySize, actual.BeginTokenId, actual.EndTokenId, actual.PaddingTokenId));
        var texts = new RandomTexts(seed: 5);
        Assert.All(Enumerable.Range(0, 300).Select(_ => texts.Next()).Append("A red APPLE<|endoftext|>"), text => Assert.Equal(expected.Tokenize(text).Ids, actual.Tokenize(text).Ids));
    }

    [OpenAiVocabularyFact]
    public void So_they_are_with_OpenAIs_vocabulary()
    {
        Write(ClipFolders.OpenAi!, mergesAreLists: false);
        (ClipTokenizer expected, ClipTokenizer actual) = (ClipTokenizer.Load(ClipFolders.OpenAi!), ClipTokenizer.Load(_folder.Path));
        var texts = new RandomTexts(seed: 6);
        Assert.All(Enumerable.Range(0, 200).Select(_ => texts.Next()), text => Assert.Equal(expected.Tokenize(text).Ids, actual.Tokenize(text).Ids));
    }

    [Fact]
    public void Alone_it_says_length_case_and_special_tokens()
    {
        JsonObject root = Tiny();
        root["truncation"] = new JsonObject { ["max_length"] = 6 };
        root["padding"] = new JsonObject { ["pad_token"] = "<pad>" };
        root["post_processor"] = new JsonObject { ["type"] = "RobertaProcessing", ["cls"] = new JsonArray("<s>", 8), ["sep"] = new JsonArray("</s>", 9) };
        root["normalizer"] = JsonNode.Parse("""{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "Lowercase" }] }""");
        Write(root);
        Assert.Equal([IdOf("<s>"), IdOf("a"), IdOf("b</w>"), IdOf("</s>"), IdOf("<pad>"), IdOf("<pad>")], Ids("AB"));

        root["post_processor"] = JsonNode.Parse("""
            { "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "</s>", "type_id": 0 } }, { "Sequence": { "id": "A" } }, { "SpecialToken": { "id": "<s>", "type_id": 0 } }] }
            """);
        root["normalizer"] = JsonNode.Parse("""{ "type": "NFC" }""");
        Write(root);
        Assert.Equal([IdOf("</s>"), IdOf("<|endoftext|>"), IdOf("b</w>"), IdOf("<s>"), IdOf("<pad>"), IdOf("<pad>")], Ids("Ab"));
    }

    [Fact]
    public void The_configuration_beside_it_counts_more()
    {
        JsonObject root = Tiny();
        root["truncation"] = new JsonObject { ["max_length"] = 6 };
        Write(root);
        _folder.Write("tokenizer_config.json", """{ "model_max_length": 4, "pad_token": "!" }""");
        var tokenizer = ClipTokenizer.Load(_folder.Path);
        Assert.Equal((4, IdOf("!")), (tokenizer.MaxLength, tokenizer.PaddingTokenId));
    }

    [Fact]
    public void Tokens_that_were_added_stand_for_themselves()
    {
        JsonObject root = Tiny();
        root["added_tokens"] = JsonNode.Parse("""[{ "id": 13, "content": "<|endoftext|>" }, { "id": 40, "content": "<cat-toy>" }]""");
        Write(root);
        var tokenizer = ClipTokenizer.Load(_folder.Path);
        Assert.Equal([IdOf("a</w>"), 40, IdOf("b</w>"), 13], tokenizer.Encode("a <cat-toy> b<|endoftext|>"));
        Assert.Equal("<cat-toy>", tokenizer.Decode([40]));
    }

    [Fact]
    public void The_two_files_count_more_where_both_are_there()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer.json", "not JSON");
        Assert.Equal("ab</w>", TinyVocabulary.Spell(folder.Path, "ab"));
        File.Delete(folder.File("merges.txt"));
        Assert.Equal(folder.File("tokenizer.json"), Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(folder.Path)).Path);
    }

    [Theory]
    [InlineData("model", null, "'model' is missing")]
    [InlineData("model.type", "\"Unigram\"", "'model.type' must be \"BPE\", found \"Unigram\"")]
    [InlineData("model.end_of_word_suffix", null, "'model.end_of_word_suffix' must be \"</w>\"")]
    [InlineData("model.vocab", "[]", "'model.vocab' is missing")]
    [InlineData("model.vocab.a", "-1", "token 'a'")]
    [InlineData("model.merges", null, "'model.merges' is missing")]
    [InlineData("model.merges", "[]", "found none")]
    [InlineData("model.merges", "[\"a b c\"]", "merge 0: expected two parts")]
    [InlineData("model.merges", "[[\"a\", 3]]", "merge 0: expected two parts")]
    [InlineData("model.merges", "[\"a z\"]", "'z' is not a token")]
    [InlineData("added_tokens", "[{ \"content\": \"x\" }]", "'added_tokens' must be")]
    [InlineData("added_tokens", "[{ \"content\": \"x\", \"id\": 0 }]", "id 0 belongs to both 'a' and 'x'")]
    public void What_is_wrong_with_it_is_named(string key, string? value, string said)
    {
        JsonObject root = Tiny();
        string[] path = key.Split('.');
        JsonObject parent = path[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        parent[path[^1]] = value is null ? null : JsonNode.Parse(value);
        Write(root);
        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(_folder.Path));
        Assert.Equal(_folder.File("tokenizer.json"), error.Path);
        Assert.Contains(said, error.Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static int IdOf(string token) => Array.IndexOf(TinyVocabulary.Tokens, token);

    private static JsonObject Tiny() => new()
    {
        ["version"] = "1.0",
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["end_of_word_suffix"] = "</w>",
            ["unk_token"] = "<|endoftext|>",
            ["vocab"] = new JsonObject(TinyVocabulary.Tokens.Append("ab").Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            ["merges"] = new JsonArray("a b"),
        },
    };

    private IReadOnlyList<int> Ids(string text) => ClipTokenizer.Load(_folder.Path).Tokenize(text).Ids;

    private void Write(JsonObject root) => _folder.Write("tokenizer.json", root.ToJsonString());

    private void Write(string source, bool mergesAreLists)
    {
        IEnumerable<string> merges = File.ReadLines(Path.Combine(source, "merges.txt")).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        Write(new JsonObject
        {
            ["normalizer"] = JsonNode.Parse("""{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "Replace", "pattern": { "Regex": "\\s+" }, "content": " " }, { "type": "Lowercase" }] }"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<|endoftext|>",
                ["continuing_subword_prefix"] = "",
                ["end_of_word_suffix"] = "</w>",
                ["vocab"] = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "vocab.json"))),
                ["merges"] = new JsonArray([.. merges.Select(line => mergesAreLists ? new JsonArray([.. line.Split(' ').Select(part => (JsonNode)part)]) : (JsonNode)line)]),
            },
        });
    }
}
