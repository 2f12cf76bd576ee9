using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>What a tokenizer folder and the options may say.</summary>
public class ClipTokenizerFolderTests
{
    private static int IdOf(string token) => Array.IndexOf(TinyVocabulary.Tokens, token);

    [Fact]
    public void Without_configuration_the_defaults_are_those_of_CLIP()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");

        var tokenizer = ClipTokenizer.Load(folder.Path);

        Assert.Equal(77, tokenizer.MaxLength);
        Assert.Equal(IdOf("<|startoftext|>"), tokenizer.BeginTokenId);
        Assert.Equal(IdOf("<|endoftext|>"), tokenizer.EndTokenId);
        Assert.Equal(IdOf("<|endoftext|>"), tokenizer.PaddingTokenId);
        Assert.Equal(TinyVocabulary.Tokens.Length + 1, tokenizer.VocabularySize);
    }

    [Fact]
    public void The_configuration_sets_length_tokens_and_case()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """
            {
              "model_max_length": 6, "bos_token": "<s>", "eos_token": { "content": "</s>" }, "pad_token": "<pad>", "unk_token": "<unk>",
              "do_lower_case": false
            }
            """);

        var tokenizer = ClipTokenizer.Load(folder.Path);

        Assert.Equal([IdOf("<s>"), IdOf("c</w>"), IdOf("<unk>"), IdOf("</s>"), IdOf("<pad>"), IdOf("<pad>")], tokenizer.Tokenize("c C").Ids);
    }

    [Fact]
    public void The_token_map_overrides_the_configuration()
    {
        // So Stable Diffusion 2 pads with "!".
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """{ "pad_token": "<|endoftext|>" }""");
        folder.Write("special_tokens_map.json", """{ "pad_token": "!", "bos_token": null }""");

        Assert.Equal(IdOf("!"), ClipTokenizer.Load(folder.Path).PaddingTokenId);
    }

    [Fact]
    public void A_configuration_that_lists_its_special_tokens_overrides_the_token_map()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """{ "pad_token": "<|endoftext|>", "added_tokens_decoder": {} }""");
        folder.Write("special_tokens_map.json", """{ "pad_token": "!" }""");

        Assert.Equal(IdOf("<|endoftext|>"), ClipTokenizer.Load(folder.Path).PaddingTokenId);
    }

    [Fact]
    public void Options_override_the_folder()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """{ "model_max_length": 5, "pad_token": "!" }""");

        var tokenizer = ClipTokenizer.Load(folder.Path, new ClipTokenizerOptions
        {
            MaxLength = 2,
            BeginToken = "<s>",
            EndToken = "</s>",
            PaddingToken = "<pad>",
            UnknownToken = "<unk>",
        });

        Assert.Equal([IdOf("<s>"), IdOf("</s>")], tokenizer.Tokenize("a b c").Ids);
        Assert.Equal("a b c", tokenizer.Tokenize("a b c").TruncatedText);
        Assert.Equal(IdOf("<pad>"), tokenizer.PaddingTokenId);
        Assert.Equal([IdOf("<unk>")], tokenizer.Encode("z"));
    }

    [Fact]
    public void Vocabulary_and_merges_may_be_files_anywhere()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """{ "model_max_length": 5 }""");

        var tokenizer = ClipTokenizer.LoadFiles(folder.File("vocab.json"), folder.File("merges.txt"));

        Assert.Equal(77, tokenizer.MaxLength);
        Assert.Equal([TinyVocabulary.Tokens.Length], tokenizer.Encode("ab"));
    }

    [Fact]
    public void A_byte_that_the_vocabulary_lacks_is_the_unknown_token()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");

        int unknown = IdOf("<|endoftext|>");
        Assert.Equal([IdOf("a"), unknown, unknown, IdOf("b</w>")], ClipTokenizer.Load(folder.Path).Encode("azzb"));
    }

    [Fact]
    public void A_length_that_transformers_did_not_set_is_the_default()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("tokenizer_config.json", """{ "model_max_length": 1000000000000000019884624838656 }""");

        Assert.Equal(77, ClipTokenizer.Load(folder.Path).MaxLength);
    }

    [Fact]
    public void Windows_line_ends_and_byte_order_marks_do_no_harm()
    {
        using TemporaryFolder folder = TinyVocabulary.Write("a b</w>");
        folder.Write("merges.txt", "\uFEFF#version: 0.2\r\na b</w>\r\n\r\n");
        folder.Write("vocab.json", "\uFEFF" + File.ReadAllText(folder.File("vocab.json")));

        Assert.Equal("ab</w>", TinyVocabulary.Spell(folder.Path, "ab"));
    }
}
