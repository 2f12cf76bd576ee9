using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>A folder's tokenizer by the name of its class.</summary>
public class TokenizerFolderTests
{
    [Theory]
    [InlineData("T5Tokenizer")]
    [InlineData("T5TokenizerFast")]
    public void A_class_of_transformers_names_the_tokenizer(string className)
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        Assert.Equal(9, Assert.IsType<T5Tokenizer>(TokenizerFolder.Load(folder.Path, className, 9)).MaxLength);
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]");
        Assert.Equal(8, Assert.IsType<BertTokenizer>(TokenizerFolder.Load(folder.Path, className.Replace("T5", "Bert", StringComparison.Ordinal), 8)).MaxLength);
        Assert.Equal(77, Assert.IsType<ClipTokenizer>(TokenizerFolder.Load(ClipFolders.Emoji, className.Replace("T5", "CLIP", StringComparison.Ordinal), 77)).MaxLength);
    }

    [Fact]
    public void The_folder_may_name_its_class_itself()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        folder.Write("tokenizer_config.json", """{ "tokenizer_class": "T5Tokenizer", "model_max_length": 7 }""");

        Assert.Equal(7, Assert.IsType<T5Tokenizer>(TokenizerFolder.Load(folder.Path)).MaxLength);
    }

    [Fact]
    public void An_unknown_class_names_the_known_ones()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        Assert.Contains("tokenizer_class", Assert.Throws<ModelFormatException>(() => TokenizerFolder.Load(folder.Path)).Problem, StringComparison.Ordinal);
        string said = Assert.Throws<ModelFormatException>(() => TokenizerFolder.Load(folder.Path, "GemmaTokenizer")).Problem;
        Assert.Contains("'GemmaTokenizer' is not known; those known are CLIPTokenizer, T5Tokenizer, BertTokenizer.", said, StringComparison.Ordinal);
    }
}
