using System.Text;
using System.Text.Json.Nodes;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>An error names the file, what was expected and what was found.</summary>
public class T5TokenizerErrorTests
{
    [Fact]
    public void A_missing_folder()
    {
        AssertNames("no-such-folder", "spiece.model", "missing");
    }

    [Theory]
    [InlineData("spiece")]
    [InlineData("\u0003x")]
    [InlineData("\n\u00FF")]
    public void A_file_that_is_something_else(string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write("spiece.model", Encoding.Latin1.GetBytes(content));

        AssertNames(folder.Path, "spiece.model", "is no SentencePiece model, or a damaged one");
    }

    [Fact]
    public void A_file_that_was_cut_off()
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        byte[] whole = File.ReadAllBytes(folder.File("spiece.model"));

        // Anywhere within the last piece of 12 bytes, behind which are two empty messages.
        for (int length = whole.Length - 15; length < whole.Length - 4; length++)
        {
            folder.Write("spiece.model", whole[..length]);
            Assert.Throws<ModelFormatException>(() => T5Tokenizer.Load(folder.Path));
        }
    }

    // Anything may become of it but a crash: a tokenizer, or the one error.
    [Fact]
    public void A_file_with_wrong_bytes()
    {
        using TemporaryFolder folder = T5References.Write("suffix");
        byte[] whole = File.ReadAllBytes(folder.File("spiece.model"));
        var random = new Random(3);
        int loaded = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. whole];
            for (int j = 0; j <= i % 4; j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            folder.Write("spiece.model", damaged);
            try
            {
                var tokenizer = T5Tokenizer.Load(folder.Path);
                loaded++;
                Assert.Equal(512, tokenizer.Tokenize("ABC a red apple é\u0301 \u2003 日本 <mask>").Ids.Count);
            }
            catch (ModelFormatException error)
            {
                Assert.Equal(folder.File("spiece.model"), error.Path);
            }
        }

        Assert.InRange(loaded, 1, 399);
    }

    public static TheoryData<int, string> WrongPieces => new()
    {
        { 0, "piece 7 is empty" },
        { 1, "the pieces 4 and 7 are both 'a'" },
        { 2, "the score of piece 7, 'x', is NaN" },
        { 3, "the pieces 2 and 7 both stand for unknown characters" },
        { 4, "piece 7 stands for a byte, but the model does not spell in bytes" },
        { 5, "piece 7, 'x', is of the unknown kind 9" },
    };

    [Theory]
    [MemberData(nameof(WrongPieces))]
    public void A_piece_that_cannot_be(int which, string said)
    {
        Piece[] pieces =
        [
            new("", -1, PieceKind.Normal), new("a", -1, PieceKind.Normal), new("x", float.NaN, PieceKind.Normal), new("x", 0, PieceKind.Unknown),
            new("<0x0A>", 0, PieceKind.Byte), new("x", 0, (PieceKind)9),
        ];
        using TemporaryFolder folder = TinySentencePiece.Write(pieces[which]);

        AssertNames(folder.Path, "spiece.model", said);
    }

    [Fact]
    public void A_model_of_another_kind_or_with_less_than_it_needs()
    {
        using TemporaryFolder bytePairs = TinySentencePiece.Write(TinySentencePiece.Pieces, TinySentencePiece.Field(3, 2), []);
        AssertNames(bytePairs.Path, "spiece.model", "must be a unigram model, found one of byte pairs");

        using TemporaryFolder bytes = TinySentencePiece.Write(TinySentencePiece.Pieces, TinySentencePiece.Field(35, 1), []);
        AssertNames(bytes.Path, "spiece.model", "no piece stands for the byte 0");

        using TemporaryFolder noUnknown = TinySentencePiece.Write([.. TinySentencePiece.Pieces.Where(piece => piece.Kind != PieceKind.Unknown)], [], []);
        AssertNames(noUnknown.Path, "spiece.model", "no piece stands for unknown characters");

        using TemporaryFolder noEnd = TinySentencePiece.Write(TinySentencePiece.Pieces[2..], [], []);
        AssertNames(noEnd.Path, "spiece.model", "has no token '</s>', which is the default of 'eos_token'");

        using TemporaryFolder map = TinySentencePiece.Write(TinySentencePiece.Pieces, [], TinySentencePiece.Field(2, [8, 0, 0, 0, 1]));
        AssertNames(map.Path, "spiece.model", "the map of characters is damaged: it has 5 bytes");
    }

    [Theory]
    [InlineData("""{ "extra_ids": -1 }""", "'extra_ids' must be a whole number from 0")]
    [InlineData("""{ "model_max_length": 0 }""", "'model_max_length' must be a whole number >= 1")]
    [InlineData("""{ "eos_token": "x" }""", "has no token 'x', which is 'eos_token' in ")]
    [InlineData("""{ "added_tokens_decoder": [] }""", "'added_tokens_decoder' must be an object")]
    [InlineData("""{ "added_tokens_decoder": { "x": { "content": "y" } } }""", "'added_tokens_decoder' must have an id")]
    public void A_configuration_that_contradicts(string config, string said)
    {
        using TemporaryFolder folder = TinySentencePiece.Write();
        folder.Write("tokenizer_config.json", config);

        Assert.Contains(said, Assert.Throws<ModelFormatException>(() => T5Tokenizer.Load(folder.Path)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.type", "\"BPE\"", "this is no T5 tokenizer: 'model.type' must be \"Unigram\", found \"BPE\"")]
    [InlineData("model.unk_id", "null", "'model.unk_id' is missing")]
    [InlineData("model.unk_id", "3", "'model.unk_id' must be the id of a token, found 3")]
    [InlineData("model.vocab", "[[\"a\"], [\"b\", 1], [\"c\", 1]]", "'model.vocab' must be a list of tokens and their scores")]
    [InlineData("normalizer", "{ \"type\": \"Lowercase\" }", "'normalizer' must be one of T5's")]
    [InlineData("normalizer", "{ \"type\": \"Precompiled\", \"precompiled_charsmap\": \"?\" }", "must be a text in Base64")]
    [InlineData("pre_tokenizer", "{ \"type\": \"ByteLevel\" }", "'pre_tokenizer' must be one of T5's")]
    public void A_tokenizer_json_of_another_kind(string key, string value, string said)
    {
        var root = JsonNode.Parse("""
            { "model": { "type": "Unigram", "unk_id": 2, "vocab": [["<pad>", 0], ["</s>", 0], ["<unk>", 0]] }, "normalizer": null, "pre_tokenizer": null }
            """)!.AsObject();
        string[] path = key.Split('.');
        path[..^1].Aggregate(root, (node, name) => node[name]!.AsObject())[path[^1]] = JsonNode.Parse(value);
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", root.ToJsonString());

        AssertNames(folder.Path, "tokenizer.json", said);
    }

    private static void AssertNames(string folder, string file, string said)
    {
        var error = Assert.Throws<ModelFormatException>(() => T5Tokenizer.Load(folder));
        Assert.Equal(Path.Combine(folder, file), error.Path);
        Assert.Contains(said, error.Problem, StringComparison.Ordinal);
    }
}
