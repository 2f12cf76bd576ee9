using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>What the tokenizer does, with the vocabulary of the embedded model.</summary>
public class ClipTokenizerTests
{
    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.Load(ClipFolders.Emoji);

    [Fact]
    public void A_tokenized_text_is_begin_token_text_end_token_and_padding()
    {
        TokenizedText tokenized = Tokenizer.Tokenize("red apple");
        IReadOnlyList<int> textIds = Tokenizer.Encode("red apple");

        int[] padding = [.. Enumerable.Repeat(Tokenizer.PaddingTokenId, Tokenizer.MaxLength - textIds.Count - 2)];
        Assert.Equal([Tokenizer.BeginTokenId, .. textIds, Tokenizer.EndTokenId, .. padding], tokenized.Ids);
        Assert.Equal(textIds.Count + 2, tokenized.Length);
        Assert.False(tokenized.IsTruncated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\t\r\n\u00A0\u3000")]
    public void A_text_without_words_is_begin_and_end_token_only(string text)
    {
        TokenizedText tokenized = Tokenizer.Tokenize(text);

        Assert.Equal(2, tokenized.Length);
        Assert.Equal([Tokenizer.BeginTokenId, Tokenizer.EndTokenId], tokenized.Ids.Take(2));
        Assert.Null(tokenized.TruncatedText);
        Assert.Empty(Tokenizer.Encode(text));
    }

    [Fact]
    public void What_does_not_fit_is_cut_off_and_reported()
    {
        // 40 words of one token each, of which 32 - 2 fit.
        string text = string.Join(' ', Enumerable.Range(0, 40).Select(i => (char)('a' + (i % 26))));

        TokenizedText tokenized = Tokenizer.Tokenize(text);

        Assert.Equal(32, Tokenizer.MaxLength);
        Assert.Equal("e f g h i j k l m n", tokenized.TruncatedText);
        Assert.True(tokenized.IsTruncated);
        Assert.Equal(32, tokenized.Length);
        Assert.Equal(Tokenizer.EndTokenId, tokenized.Ids[^1]);
        Assert.Equal(Tokenizer.Encode(text).Take(30), tokenized.Ids.Skip(1).Take(30));
    }

    [Fact]
    public void A_text_of_exactly_the_right_length_is_not_truncated()
    {
        string text = string.Join(' ', Enumerable.Repeat("a", 30));

        Assert.Null(Tokenizer.Tokenize(text).TruncatedText);
        Assert.Equal("b", Tokenizer.Tokenize(text + " b").TruncatedText);
    }

    [Fact]
    public void A_cut_inside_a_character_leaves_a_replacement_character_in_the_report()
    {
        // The vocabulary has no merge for U+1F991, a squid: four bytes, of which the first two fit.
        string text = string.Join(' ', Enumerable.Repeat("a", 28)) + " \U0001F991";

        Assert.Equal("\uFFFD\uFFFD", Tokenizer.Tokenize(text).TruncatedText);
    }

    [Theory]
    [InlineData("A Red APPLE", "a red apple")]
    [InlineData("İstanbul", "i \u0307 stanbul")]
    [InlineData("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύσ")]
    [InlineData("don't WE'LL it''s", "don 't we 'll it '' s")]
    [InlineData("hello,world!! (red:1.3)", "hello , world !! ( red : 1 . 3 )")]
    [InlineData("1234 x²", "1 2 3 4 x ²")]
    [InlineData("nbsp\u00A0here\u2003and\u0085there", "nbsp here and there")]
    [InlineData("control\u0001\u0002chars", "control \u0001\u0002 chars")]
    [InlineData("a\0b", "a \0 b")]
    [InlineData("&amp; ﬁne", "& amp ; ﬁne")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("日本語 😀🎉", "日本語 😀🎉")]
    [InlineData("snow<|endoftext|>man", "snow <|endoftext|>man")]
    [InlineData("<|STARTOFTEXT|> snow", "<|startoftext|>snow")]
    public void A_text_is_read_word_by_word(string text, string asRead) => Assert.Equal(asRead, Tokenizer.Decode(Tokenizer.Encode(text)));

    [Fact]
    public void Special_tokens_in_a_text_become_their_ids()
    {
        int[] expected = [Tokenizer.BeginTokenId, .. Tokenizer.Encode("cat."), Tokenizer.EndTokenId, .. Tokenizer.Encode("dog")];

        Assert.Equal(expected, Tokenizer.Encode("<|startoftext|>cat.<|endoftext|>dog"));
    }

    // Not InlineData: attributes are stored as UTF-8, which has no unpaired surrogates.
    [Fact]
    public void An_unpaired_surrogate_counts_as_the_replacement_character()
    {
        Assert.Equal(Tokenizer.Encode("a \uFFFD b"), Tokenizer.Encode("a \uD800 b"));
        Assert.Equal(Tokenizer.Encode("\uFFFD"), Tokenizer.Encode("\uDC00"));
        Assert.Equal(Tokenizer.Encode("x\uFFFD"), Tokenizer.Encode("x\uD83D"));
        Assert.Equal(Tokenizer.Encode("\uFFFD\uFFFD"), Tokenizer.Encode("\uDE00\uD83D"));
    }

    [Theory]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("A\u030A", "\u212B")]
    [InlineData("d\u0323\u0307", "d\u0307\u0323")]
    public void Canonically_equivalent_texts_have_the_same_ids(string text, string equivalent) =>
        Assert.Equal(Tokenizer.Encode(equivalent), Tokenizer.Encode(text));

    [Fact]
    public void Letter_case_and_white_space_make_no_difference() =>
        Assert.Equal(Tokenizer.Encode("a slice of pizza"), Tokenizer.Encode("  A  Slice\tOF\r\n pizza \u3000"));

    [Fact]
    public void Upper_case_survives_where_the_options_say_so()
    {
        var keepsCase = ClipTokenizer.Load(ClipFolders.Emoji, new ClipTokenizerOptions { Lowercase = false });

        Assert.Equal("DON 'T <|endoftext|>", keepsCase.Decode(keepsCase.Encode("DON'T <|EndOfText|>")));
    }

    [Fact]
    public void Random_texts_have_the_textbook_ids()
    {
        var textbook = new TextbookClip(ClipFolders.Emoji);
        var texts = new RandomTexts(seed: 5);

        Assert.All(Enumerable.Range(0, 500).Select(_ => texts.Next()), text => Assert.Equal(textbook.Encode(text), Tokenizer.Encode(text)));
    }

    [Fact]
    public void A_decoded_text_has_the_same_ids_again()
    {
        var texts = new RandomTexts(seed: 6);

        Assert.All(Enumerable.Range(0, 500).Select(_ => Tokenizer.Encode(texts.Next())), ids => Assert.Equal(ids, Tokenizer.Encode(Tokenizer.Decode(ids))));
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("text", () => Tokenizer.Encode(null!));
        Assert.Throws<ArgumentNullException>("text", () => Tokenizer.Tokenize(null!));
        Assert.Throws<ArgumentNullException>("ids", () => Tokenizer.Decode(null!));
        Assert.Throws<ArgumentNullException>("folder", () => ClipTokenizer.Load(null!));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void An_id_outside_the_vocabulary_cannot_be_decoded(int id) =>
        Assert.Equal(id, Assert.Throws<ArgumentOutOfRangeException>("ids", () => Tokenizer.Decode([id])).ActualValue);
}
