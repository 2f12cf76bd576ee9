using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>A tokenizer with words of its user's, whose ids follow the vocabulary.</summary>
public sealed class ClipTokenizerWordTests
{
    private static readonly ClipTokenizer Plain = ClipTokenizer.Load(ClipFolders.Emoji);

    [Fact]
    public void A_word_is_one_id_or_several_behind_the_vocabulary()
    {
        ClipTokenizer tokenizer = Plain.With("<cat-toy>").With("mystyle", 3);
        int first = Plain.VocabularySize;
        int[] before = [.. Plain.Encode("a red")];
        int[] after = [.. Plain.Encode(", big")];

        Assert.Equal(first + 4, tokenizer.VocabularySize);
        Assert.Equal([.. before, first], tokenizer.Encode("a red <cat-toy>"));
        Assert.Equal([.. before, first + 1, first + 2, first + 3, .. after], tokenizer.Encode("a red mystyle, big"));
    }

    [Fact]
    public void The_rest_of_a_text_is_as_before()
    {
        ClipTokenizer tokenizer = Plain.With("<cat-toy>");

        Assert.Equal(Plain.Tokenize("a red apple <cat-to>").Ids, tokenizer.Tokenize("a red apple <cat-to>").Ids);
        Assert.Equal(Plain.VocabularySize, Plain.With("x-y").VocabularySize - 1);
    }

    [Fact]
    public void A_word_that_was_cut_off_is_written_out()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Load(ClipFolders.Emoji, new ClipTokenizerOptions { MaxLength = 3 }).With("<toy>", 2);

        Assert.Equal("<toy>", tokenizer.Tokenize("a<toy>").TruncatedText);
    }

    [Fact]
    public void A_word_that_there_is_already_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Plain.With("<toy>").With("<toy>"));
        Assert.Throws<ArgumentException>(() => Plain.With("<|endoftext|>"));
        Assert.Throws<ArgumentException>(() => Plain.With(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plain.With("<toy>", 0));
    }
}
