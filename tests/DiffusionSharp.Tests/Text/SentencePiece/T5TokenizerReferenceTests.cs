using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Ids of T5's tokenizer that were made by other code.</summary>
public class T5TokenizerReferenceTests
{
    public static TheoryData<string> Models => [.. T5References.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_recorded_text_has_its_recorded_ids(string model)
    {
        using TemporaryFolder folder = T5References.Write(model);
        var tokenizer = T5Tokenizer.Load(folder.Path);

        IReadOnlyList<T5References.Case> cases = T5References.Read(model);

        Assert.True(cases.Count >= 300, $"{cases.Count} texts");
        Assert.All(cases, recorded => Assert.Equal(recorded.Ids, tokenizer.Encode(recorded.Text)));
    }

    [Fact]
    public void Every_recorded_text_of_T5s_kind_of_model_reads_as_it_was_recorded()
    {
        using TemporaryFolder folder = T5References.Write("t5");
        var tokenizer = T5Tokenizer.Load(folder.Path);

        Assert.All(T5References.Read("t5"), recorded => Assert.Equal(recorded.Decoded, tokenizer.Decode(recorded.Ids)));
    }

    [Fact]
    public void The_one_file_of_Hugging_Face_has_the_same_ids()
    {
        using TemporaryFolder source = T5References.Write("t5");
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", AsTokenizerJson(SentencePieceModel.Load(source.File("spiece.model"))).ToJsonString());
        var tokenizer = T5Tokenizer.Load(folder.Path);

        Assert.All(T5References.Read("t5"), recorded => Assert.Equal(recorded.Ids, tokenizer.Encode(recorded.Text)));
        Assert.Equal((1, 0, 2), (tokenizer.EndTokenId, tokenizer.PaddingTokenId, tokenizer.UnknownTokenId));
        Assert.Equal([tokenizer.VocabularySize - 2, 1], tokenizer.Tokenize("<extra_id_1>").Ids.Take(2));
    }

    [Theory]
    [InlineData("spiece.model")]
    [InlineData("tokenizer.json")]
    public void One_that_is_not_legacy_adds_no_space_behind_a_special_token(string file)
    {
        using TemporaryFolder source = T5References.Write("t5");
        using var folder = new TemporaryFolder();
        if (file == "spiece.model")
        {
            File.Copy(source.File(file), folder.File(file));
            folder.Write("tokenizer_config.json", """{ "legacy": false }""");
        }
        else
        {
            folder.Write(file, AsTokenizerJson(SentencePieceModel.Load(source.File("spiece.model")), prepends: "first").ToJsonString());
        }

        var tokenizer = T5Tokenizer.Load(folder.Path);
        IReadOnlyList<T5References.Case> cases = T5References.Read("t5");
        Assert.All(cases, recorded => Assert.Equal(recorded.Ids, tokenizer.Encode(recorded.Text)));

        // With the one file what the model turns into a space at the start stays, too, as with Hugging Face's tokenizers.
        bool IsAlike(string text) => file == "spiece.model" || text is "" or [' ', ..] || char.IsLetterOrDigit(text[0]);
        Assert.All(cases.Where(recorded => IsAlike(recorded.Text)), recorded => Assert.Equal([1, .. recorded.Behind!], tokenizer.Encode($"</s>{recorded.Text}")));
        Assert.Contains(cases, recorded => !recorded.Ids.SequenceEqual(recorded.Behind!));
    }

    [SharedCasesTheory]
    [InlineData("flux", "tokenizer_2", false)]
    [InlineData("fluxschnell", "tokenizer_2", false)]
    [InlineData("sd3", "tokenizer_3", false)]
    [InlineData("if_stage1", "tokenizer", true)]
    [InlineData("if_stage2", "tokenizer", true)]
    [InlineData("pixart", "tokenizer", true)]
    [InlineData("pixart256", "tokenizer", true)]
    public void Prompts_of_the_reference_cases_have_the_ids_of_transformers(string family, string part, bool lowercase)
    {
        string folder = Path.Combine(SharedCases.Folder!, family);
        var tokenizer = T5Tokenizer.Load(Path.Combine(folder, part), maxLength: 77, lowercase);
        var ids = new List<(int[] Expected, IReadOnlyList<int> Actual)>();
        foreach (JsonElement request in SharedCases.Requests(family))
        {
            if (request.TryGetProperty("t5_ids", out JsonElement expected) && request.GetProperty("request").GetProperty("prompt") is { ValueKind: JsonValueKind.String } prompt)
            {
                int[] row = [.. expected.EnumerateArray().Select(id => id.GetInt32())];
                ids.Add((row, [.. tokenizer.Tokenize(prompt.GetString()!).Ids.Take(row.Length)]));
            }
        }

        Assert.NotEmpty(ids);
        Assert.All(ids, pair => Assert.Equal(pair.Expected, pair.Actual));
    }

    // As transformers converts a SentencePiece model.
    private static JsonObject AsTokenizerJson(SentencePieceModel model, string prepends = "always")
    {
        string[] sentinels = [.. Enumerable.Range(0, 100).Reverse().Select(i => $"<extra_id_{i}>")];
        (string, float)[] vocabulary = [.. model.Pieces.Select(piece => (piece.Text, piece.Score)), .. sentinels.Select(token => (token, 0f))];
        string[] added = ["<pad>", "</s>", "<unk>", .. sentinels];
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. added.Select(token => new JsonObject { ["id"] = Array.FindIndex(vocabulary, piece => piece.Item1 == token), ["content"] = token, ["special"] = true })]),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(model.CharacterMap) },
                    new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true },
                    new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = " {2,}" }, ["content"] = "\u2581" }),
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = prepends, ["split"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "Unigram",
                ["unk_id"] = 2,
                ["vocab"] = new JsonArray([.. vocabulary.Select(piece => new JsonArray(piece.Item1, piece.Item2))]),
                ["byte_fallback"] = false,
            },
        };
    }
}
