using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>An error names the file, the place in it, what was expected and what was found.</summary>
public class ClipTokenizerErrorTests
{
    private static void AssertNames(string folder, string file, params string[] parts)
    {
        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(folder));
        Assert.Equal(Path.Combine(folder, file), error.Path);
        Assert.All(parts, part => Assert.Contains(part, error.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_folder()
    {
        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load("no-such-folder"));

        Assert.Equal("no-such-folder", error.Path);
        Assert.Contains("vocab.json", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void A_missing_file(string file)
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        File.Delete(folder.File(file));

        AssertNames(folder.Path, file, "missing");
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{ \"a\": 0, ", "not valid JSON")]
    [InlineData("{ \"a\": 0 } x", "not valid JSON")]
    [InlineData("[]", "JSON object", "Array")]
    [InlineData("{ \"a\": \"0\" }", "'a'", "whole number", "\"0\"")]
    [InlineData("{ \"a\": 1.5 }", "'a'", "whole number", "1.5")]
    [InlineData("{ \"a\": -1 }", "'a'", "whole number", "-1")]
    [InlineData("{ \"a\": 0, \"a\": 1 }", "'a'")]
    [InlineData("{ \"a\": 0, \"b\": 0 }", "id 0", "'a'", "'b'")]
    [InlineData("{ \"\\uD800\": 0 }", "not valid JSON")]
    public void A_vocabulary_that_is_none(string content, params string[] parts)
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("vocab.json", content);

        AssertNames(folder.Path, "vocab.json", parts);
    }

    [Theory]
    [InlineData("#version: 0.2\na b</w>\na b c", "line 3", "two parts", "'a b c'")]
    [InlineData("#version: 0.2\nab", "line 2", "two parts", "'ab'")]
    [InlineData("#version: 0.2\na  b</w>", "line 2", "two parts")]
    [InlineData("#version: 0.2\n\na b</w>", "line 2", "two parts")]
    [InlineData("#version: 0.2\na z", "line 2", "'z'", "not a token")]
    [InlineData("a c", "line 1", "'ac'", "not a token")]
    [InlineData("#version: 0.2\n", "found none")]
    [InlineData("", "found")]
    public void Merges_that_are_none(string content, params string[] parts)
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("merges.txt", content);

        AssertNames(folder.Path, "merges.txt", parts);
    }

    [Fact]
    public void Merges_that_are_not_UTF8()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("merges.txt", [.. "a b"u8, 0xFF]);

        AssertNames(folder.Path, "merges.txt", "UTF-8", "offset 3");
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[1]", "JSON object", "Array")]
    [InlineData("""{ "model_max_length": 1 }""", "'model_max_length'", ">= 2", "1")]
    [InlineData("""{ "model_max_length": 7.5 }""", "'model_max_length'", "7.5")]
    [InlineData("""{ "model_max_length": 1000000000 }""", "'model_max_length'", "<= 65536", "1000000000")]
    [InlineData("""{ "model_max_length": -1 }""", "'model_max_length'", "-1")]
    [InlineData("""{ "model_max_length": "77" }""", "'model_max_length'", "\"77\"")]
    [InlineData("""{ "do_lower_case": 1 }""", "'do_lower_case'", "true or false", "1")]
    [InlineData("""{ "bos_token": 5 }""", "'bos_token'", "5")]
    [InlineData("""{ "eos_token": { "text": "b" } }""", "'eos_token'", "'content'")]
    [InlineData("""{ "pad_token": "" }""", "'pad_token'")]
    [InlineData("""{ "unk_token": "\uD800" }""", "'unk_token'")]
    public void A_configuration_that_is_none(string content, params string[] parts)
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", content);

        AssertNames(folder.Path, "tokenizer_config.json", parts);
    }

    [Theory]
    [InlineData("bos_token")]
    [InlineData("eos_token")]
    [InlineData("pad_token")]
    [InlineData("unk_token")]
    public void A_special_token_that_the_vocabulary_lacks(string key)
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        string config = folder.Write("tokenizer_config.json", $$"""{ "{{key}}": "<none>" }""");

        AssertNames(folder.Path, "vocab.json", "'<none>'", $"'{key}'", config);
    }

    [Fact]
    public void A_default_special_token_that_the_vocabulary_lacks()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        TinyVocabulary.WriteVocabulary(folder, "a", "b</w>", "ab</w>");

        AssertNames(folder.Path, "vocab.json", "'<|startoftext|>'", "default of 'bos_token'");
    }

    [Fact]
    public void A_special_token_of_the_options_that_the_vocabulary_lacks()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");

        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(folder.Path, new ClipTokenizerOptions { PaddingToken = "<none>" }));
        Assert.Contains("ClipTokenizerOptions.PaddingToken", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_lacks_a_byte_and_has_no_unknown_token()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        TinyVocabulary.WriteVocabulary(folder, "a", "b</w>", "ab</w>", "begin", "end");
        folder.Write("tokenizer_config.json", """{ "bos_token": "begin", "eos_token": "end" }""");

        AssertNames(folder.Path, "vocab.json", "'\u0100'", "unknown token");
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(1)]
    [InlineData(65_537)]
    public void A_length_outside_the_range_of_the_options(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>("MaxLength", () => new ClipTokenizerOptions { MaxLength = length });

    [Fact]
    public void An_empty_token_in_the_options() =>
        Assert.Throws<ArgumentException>("PaddingToken", () => new ClipTokenizerOptions { PaddingToken = "" });
}
