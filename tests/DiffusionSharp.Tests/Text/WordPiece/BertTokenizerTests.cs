using System.Text.Json.Nodes;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>What is around the words of BERT: special tokens, length, padding, truncation, configuration, errors; and long texts.</summary>
public sealed class BertTokenizerTests : IDisposable
{
    private static readonly string[] Tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "a", "##a", ".", "\u00E9", "b"];

    private readonly TemporaryFolder _folder = new();

    public BertTokenizerTests() => _folder.Write("vocab.txt", string.Join('\n', Tokens));

    [Fact]
    public void The_longest_piece_comes_first()
    {
        // The example of the paper's code.
        Assert.Equal([5, 6, 7], Load().Encode("UnAffAble"));
        Assert.Equal([1, 8, 10, 8], Load().Encode("unfair a.a"));
        Assert.Equal("unaffable a .", Load().Decode([5, 6, 7, 8, 10]));
    }

    [Fact]
    public void A_sequence_is_framed_and_padded_and_what_does_not_fit_is_cut_off()
    {
        TokenizedText tokenized = Load(6).Tokenize("a a");
        Assert.Equal([2, 8, 8, 3, 0, 0], tokenized.Ids);
        Assert.Equal((4, null), (tokenized.Length, tokenized.TruncatedText));

        tokenized = Load(3).Tokenize("a unaffable .");
        Assert.Equal([2, 8, 3], tokenized.Ids);
        Assert.Equal((3, "unaffable ."), (tokenized.Length, tokenized.TruncatedText));
        Assert.Equal([2, 3], Load(2).Tokenize("").Ids);
    }

    [Fact]
    public void Special_tokens_stand_for_themselves()
    {
        _folder.Write("tokenizer_config.json", """{ "added_tokens_decoder": { "20": { "content": "<toy>", "lstrip": true } } }""");

        Assert.Equal([8, 3, 8, 20, 4, 1, 1], Load().Encode("a[SEP]A <toy>[MASK][mask"));
        Assert.Equal("<toy> a", Load().Decode([20, 8]));
    }

    [Theory]
    [InlineData("{}", new[] { 1, 8 })]
    [InlineData("""{ "strip_accents": false }""", new[] { 11, 8 })]
    [InlineData("""{ "do_lower_case": false }""", new[] { 11, 1 })]
    [InlineData("""{ "do_basic_tokenize": false }""", new[] { 11, 1 })]
    public void The_configuration_says_what_is_done_to_letters(string config, int[] ids)
    {
        _folder.Write("tokenizer_config.json", config);

        Assert.Equal(ids, Load().Encode("\u00E9 A"));
    }

    [Fact]
    public void Length_and_names_of_tokens_come_from_the_configuration()
    {
        _folder.Write("tokenizer_config.json", """{ "model_max_length": 5, "cls_token": "a", "sep_token": { "content": "b" }, "pad_token": "." }""");

        Assert.Equal([8, 5, 12, 10, 10], BertTokenizer.Load(_folder.Path).Tokenize("un").Ids);
    }

    [Theory]
    [InlineData("""{ "cls_token": "x" }""", "has no token 'x', which is 'cls_token' in ")]
    [InlineData("""{ "never_split": ["x"] }""", "'never_split' must be null")]
    [InlineData("""{ "do_lower_case": 1 }""", "'do_lower_case' must be true or false")]
    public void A_configuration_that_contradicts_is_refused(string config, string said)
    {
        _folder.Write("tokenizer_config.json", config);

        Assert.Contains(said, Assert.Throws<ModelFormatException>(() => Load()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_says_all_that_a_configuration_does_not()
    {
        File.Delete(_folder.File("vocab.txt"));
        JsonObject json = BertJson.Of(Tokens, isLowercase: false);
        json["truncation"] = new JsonObject { ["max_length"] = 6 };
        json["padding"] = new JsonObject { ["pad_token"] = "." };
        json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 20, ["content"] = "<toy>", ["lstrip"] = true });
        _folder.Write("tokenizer.json", json.ToJsonString());
        BertTokenizer tokenizer = BertTokenizer.Load(_folder.Path);
        Assert.Equal([2, 8, 1, 20, 3, 10], tokenizer.Tokenize("a A <toy>").Ids);

        _folder.Write("tokenizer_config.json", """{ "do_lower_case": true, "model_max_length": 5, "cls_token": "b" }""");
        Assert.Equal([12, 8, 8, 20, 3], BertTokenizer.Load(_folder.Path).Tokenize("a A <toy>").Ids);
    }

    [Theory]
    [InlineData("normalizer", "null", "'normalizer' must be a BertNormalizer, found none")]
    [InlineData("normalizer", """{ "type": "BertNormalizer", "clean_text": false }""", "'normalizer.clean_text' must be true")]
    [InlineData("pre_tokenizer", """{ "type": "Whitespace" }""", "'pre_tokenizer' must be a BertPreTokenizer")]
    [InlineData("model", """{ "type": "BPE" }""", "'model.type' must be \"WordPiece\"")]
    [InlineData("model", """{ "type": "WordPiece", "continuing_subword_prefix": "@@" }""", "'model.continuing_subword_prefix' must be \"##\"")]
    [InlineData("model", """{ "type": "WordPiece", "continuing_subword_prefix": "##", "max_input_chars_per_word": 50, "vocab": {} }""", "'model.max_input_chars_per_word' must be 100")]
    [InlineData("model", """{ "type": "WordPiece", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": { "a": 0, "b": 2 } }""", "'model.vocab.b' must be an id from 0 to 1")]
    public void What_one_file_says_and_is_not_supported_is_refused_by_name(string key, string value, string said)
    {
        File.Delete(_folder.File("vocab.txt"));
        JsonObject json = BertJson.Of(Tokens);
        json[key] = JsonNode.Parse(value);
        _folder.Write("tokenizer.json", json.ToJsonString());
        Assert.Contains(said, Assert.Throws<ModelFormatException>(() => Load()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_vocabulary_is_refused()
    {
        File.Delete(_folder.File("vocab.txt"));
        Assert.Equal(_folder.File("vocab.txt"), Assert.Throws<ModelFormatException>(() => Load()).Path);

        _folder.Write("vocab.txt", "a\n");
        Assert.Contains("has no token '[UNK]'", Assert.Throws<ModelFormatException>(() => Load()).Problem, StringComparison.Ordinal);
    }

    // In quadratic time each of these would take minutes.
    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData(".")]
    [InlineData("a\u0301")]
    [InlineData("\u0301\u0327")]
    [InlineData("[MASK]")]
    [InlineData("[MAS")]
    public void A_prompt_of_a_hundred_thousand_repetitions_is_encoded(string repeated) =>
        Assert.Equal(512, Load().Tokenize(string.Concat(Enumerable.Repeat(repeated, 100_000))).Ids.Count);

    public void Dispose() => _folder.Dispose();

    private BertTokenizer Load(int? maxLength = null) => BertTokenizer.Load(_folder.Path, maxLength);
}
