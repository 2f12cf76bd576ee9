using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>What is around the pieces: special tokens, length, padding, truncation; and long texts.</summary>
public class T5TokenizerTests
{
    [Fact]
    public void A_sequence_ends_with_the_end_token_and_is_padded()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        TokenizedText tokenized = T5Tokenizer.Load(folder.Path, 6).Tokenize("ab");

        Assert.Equal([3, 4, 5, 1, 0, 0], tokenized.Ids);
        Assert.Equal((4, null), (tokenized.Length, tokenized.TruncatedText));
    }

    [Theory]
    [InlineData(5, new[] { 3, 4, 5, 6, 1 }, null)]
    [InlineData(4, new[] { 3, 4, 5, 1 }, "c")]
    [InlineData(1, new[] { 1 }, "abc")]
    public void What_does_not_fit_is_cut_off_before_the_end_token(int maxLength, int[] ids, string? truncated)
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        TokenizedText tokenized = T5Tokenizer.Load(folder.Path, maxLength).Tokenize("abc");

        Assert.Equal(ids, tokenized.Ids);
        Assert.Equal((maxLength, truncated), (tokenized.Length, tokenized.TruncatedText));
    }

    [Fact]
    public void An_empty_text_is_an_end_token()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        var tokenizer = T5Tokenizer.Load(folder.Path, 3);

        Assert.Equal([1, 0, 0], tokenizer.Tokenize("").Ids);
        Assert.Equal([1, 0, 0], tokenizer.Tokenize("  ").Ids);
    }

    [Fact]
    public void Special_tokens_stand_for_themselves_and_a_written_end_is_not_doubled()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        var tokenizer = T5Tokenizer.Load(folder.Path, 8);

        // Each part gets its space, as in transformers' tokenizer of legacy kind; the sentinels are counted down behind the seven pieces.
        Assert.Equal([3, 4, 106, 3, 5, 105, 7, 0, 2], tokenizer.Encode("a <extra_id_0> b<extra_id_1><extra_id_99><pad><unk>"));
        Assert.Equal([3, 4, 1, 0, 0, 0, 0, 0], tokenizer.Tokenize("a</s>").Ids);
        Assert.Equal(3, tokenizer.Tokenize("a</s>").Length);
        Assert.Equal([3, 4, 1, 3, 5, 1, 0, 0], tokenizer.Tokenize("a</s>b").Ids);
        Assert.Equal("a<extra_id_0> b", tokenizer.Decode(tokenizer.Encode("a<extra_id_0>b")));
    }

    [Fact]
    public void The_configuration_says_length_sentinels_and_special_tokens()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        folder.Write("tokenizer_config.json", """
            {
              "extra_ids": 2, "model_max_length": 5, "eos_token": "c", "pad_token": { "content": "<fill>" },
              "added_tokens_decoder": { "20": { "content": "<fill>" }, "21": { "content": "<toy>", "lstrip": true, "rstrip": false } }
            }
            """);
        var tokenizer = T5Tokenizer.Load(folder.Path);

        Assert.Equal([3, 4, 6, 20, 20], tokenizer.Tokenize("a").Ids);
        Assert.Equal([8, 7, 21], tokenizer.Encode("<extra_id_0><extra_id_1> <toy>"));
        Assert.Equal(4, T5Tokenizer.Load(folder.Path, 4).MaxLength);
        folder.Write("tokenizer_config.json", """{ "model_max_length": 1000000000000000019884624838656, "extra_ids": 0 }""");
        Assert.Equal(512, T5Tokenizer.Load(folder.Path).MaxLength);
        Assert.Equal([3, 2, 4, 2], T5Tokenizer.Load(folder.Path).Encode("<xa>"));
    }

    [Fact]
    public void Of_two_ways_to_spell_a_text_the_more_probable_one_counts_and_of_equal_ones_the_first()
    {
        using TemporaryFolder folder = TinySentencePiece.Write(
            new("ab", -5.5f, PieceKind.Normal), new("bc", -6, PieceKind.Normal), new("ca", -6.5f, PieceKind.Normal), new("ba", -1, PieceKind.Unused));
        var tokenizer = T5Tokenizer.Load(folder.Path);

        Assert.Equal([3, 7], tokenizer.Encode("ab"));
        Assert.Equal([3, 6, 4], tokenizer.Encode("ca"));
        Assert.Equal([3, 5, 4], tokenizer.Encode("ba"));
        Assert.Equal([3, 8], tokenizer.Encode("bc"));
    }

    [Fact]
    public void Upper_case_is_lower_case_where_that_is_asked_for()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        Assert.Equal([3, 2, 1, 0], T5Tokenizer.Load(folder.Path, 4).Tokenize("AB").Ids);
        Assert.Equal([3, 4, 5, 1], T5Tokenizer.Load(folder.Path, 4, lowercase: true).Tokenize("AB").Ids);
    }

    [Fact]
    public void A_user_defined_piece_is_taken_whatever_it_costs()
    {
        using TemporaryFolder folder = TinySentencePiece.Write(new("cab", -100, PieceKind.UserDefined), new("ab", -0.5f, PieceKind.Normal));

        Assert.Equal([3, 4, 7, 5], T5Tokenizer.Load(folder.Path).Encode("acabb"));
    }

    [Fact]
    public void An_unpaired_surrogate_counts_as_a_replacement_character()
    {
        using TemporaryFolder folder = TinySentencePiece.Write(new Piece("\uFFFD", -3, PieceKind.Normal));

        Assert.Equal([3, 4, 7, 5], T5Tokenizer.Load(folder.Path).Encode("a\uD800b"));
    }

    // In quadratic time each of these would take minutes.
    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\u0301")]
    [InlineData("\uFDFA")]
    [InlineData("</s>")]
    [InlineData("<extra_id_")]
    [InlineData(" <extra_id_7>")]
    [InlineData("\U0001F991")]
    public void A_prompt_of_a_hundred_thousand_repetitions_is_encoded(string repeated)
    {
        using TemporaryFolder folder = T5References.Write("t5");
        var tokenizer = T5Tokenizer.Load(folder.Path);

        TokenizedText tokenized = tokenizer.Tokenize(string.Concat(Enumerable.Repeat(repeated, 100_000)));

        // Unknown characters in a row are one token.
        Assert.Equal(512, tokenized.Ids.Count);
        Assert.Equal(repeated is not (" " or "\u0301" or "\U0001F991"), tokenized.IsTruncated);
    }

    [Fact]
    public void An_id_outside_of_the_vocabulary_has_no_text()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        var tokenizer = T5Tokenizer.Load(folder.Path);

        Assert.Equal("<extra_id_99>", tokenizer.Decode([7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([107]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(600)]
    public void The_same_tokenizer_of_another_length_cuts_and_fills_up_elsewhere(int length)
    {
        using TemporaryFolder folder = T5References.Write("t5");
        ITokenizer other = T5Tokenizer.Load(folder.Path, lowercase: true).WithMaxLength(length);
        TokenizedText expected = T5Tokenizer.Load(folder.Path, length, lowercase: true).Tokenize("A red apple on a table");
        TokenizedText actual = other.Tokenize("A red apple on a table");
        Assert.Equal(length, other.MaxLength);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal((expected.Length, expected.TruncatedText), (actual.Length, actual.TruncatedText));
        Assert.Throws<ArgumentOutOfRangeException>(() => other.WithMaxLength(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    public void A_length_out_of_range_is_refused(int maxLength)
    {
        using TemporaryFolder folder = TinySentencePiece.Write();

        Assert.Throws<ArgumentOutOfRangeException>(nameof(maxLength), () => T5Tokenizer.Load(folder.Path, maxLength));
    }
}
