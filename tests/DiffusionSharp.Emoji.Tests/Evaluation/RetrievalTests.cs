using System.Security.Cryptography;
using System.Text.Json;
using DiffusionSharp.Samples.Evaluation;

namespace DiffusionSharp.Emoji.Tests.Evaluation;

/// <summary>
/// The scorer of samples/Evaluation against that of training/retrieval.py, on emojis and pictures of random bytes; see
/// eng/fixtures/make_retrieval_references.py.
/// </summary>
public sealed class RetrievalTests : IDisposable
{
    private const int Emojis = 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly EvaluationSet _set;
    private readonly JsonElement _expected;
    private readonly Retrieval _retrieval;

    public RetrievalTests()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "retrieval_references.json")));
        _expected = document.RootElement.GetProperty("expected").Clone();
        _set = EvaluationSet.Read(Write("evaluation.json", document.RootElement.GetProperty("set").GetRawText()));
        NpyFile full = WriteEmojis("full.npy", seed: 1, [Emojis, _set.Styles.Count, _set.Size, _set.Size, 4]);
        NpyFile small = WriteEmojis("small.npy", seed: 2, [Emojis, _set.SmallSize, _set.SmallSize, 4]);
        _retrieval = new Retrieval(_set, new SceneRenderer(_set, full, small));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Scenes_are_drawn_as_training_draws_them()
    {
        for (int i = 0; i < _set.Prompts.Count; i++)
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(_retrieval.Draw(_set.Prompts[i].Scene)));
            Assert.Equal(_expected[i].GetProperty("drawing_sha256").GetString(), digest);
        }
    }

    [Fact]
    public void Pictures_get_the_scores_that_training_gives_them()
    {
        for (int i = 0; i < _set.Prompts.Count; i++)
        {
            byte[] drawn = _retrieval.Draw(_set.Prompts[i].Scene);
            byte[] noise = RandomBytes((uint)(100 + i), drawn.Length);
            foreach (JsonElement expected in _expected[i].GetProperty("scores").EnumerateArray())
            {
                int part = expected.GetProperty("part").GetInt32();
                byte[] picture = [.. drawn.Zip(noise, (right, random) => (byte)(((right * part) + (random * (8 - part))) / 8))];
                PromptScore score = _retrieval.Score(_set.Prompts[i], picture);
                Assert.Equal(expected.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetInt32()), score.Ranks);
                Assert.Equal(expected.GetProperty("attribute").Deserialize<bool?>(), score.Attribute);
                Assert.Equal(expected.GetProperty("background").Deserialize<bool?>(), score.Background);
            }
        }
    }

    [Fact]
    public void What_is_asked_for_is_right_in_every_respect()
    {
        foreach (EvaluationPrompt prompt in _set.Prompts)
        {
            PromptScore score = _retrieval.Score(prompt, _retrieval.Draw(prompt.Scene));
            Assert.All(score.Ranks, rank => Assert.Equal(0, rank));
            Assert.NotEqual(false, score.Attribute);
            Assert.NotEqual(false, score.Background);
        }
    }

    [Fact]
    public void Two_emojis_in_each_other_s_place_are_both_wrong()
    {
        EvaluationPrompt prompt = _set.Of("pair", limit: 1)[0];
        Scene swapped = prompt.Scene with { First = prompt.Scene.Second!.Value, Second = prompt.Scene.First };
        PromptScore score = _retrieval.Score(prompt, _retrieval.Draw(swapped));
        Assert.DoesNotContain(0, score.Ranks);
        Assert.False(score.Attribute);
        Assert.True(score.Background);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }")]
    [InlineData("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }")]
    public void An_array_of_another_kind_is_refused(string header)
    {
        string path = Write("other.npy", [.. NpyHeader(header), 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Throws<InvalidDataException>(() => NpyFile.Read(path));
    }

    [Fact]
    public void A_limit_spreads_over_all()
    {
        Assert.Equal([0, 3, 6], EvaluationSet.Spread([.. Enumerable.Range(0, 10)], 3));
        Assert.Equal(10, EvaluationSet.Spread([.. Enumerable.Range(0, 10)], 20).Length);
    }

    // The upper bytes of Knuth's linear congruential generator.
    private static byte[] RandomBytes(uint state, int length)
    {
        var values = new byte[length];
        for (int i = 0; i < length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            values[i] = (byte)(state >> 24);
        }

        return values;
    }

    // Pixels of an alpha below half are left out, so that the background shows.
    private NpyFile WriteEmojis(string name, uint seed, int[] shape)
    {
        byte[] values = RandomBytes(seed, shape.Aggregate((product, extent) => product * extent));
        for (int i = 0; i < values.Length; i += 4)
        {
            if (values[i + 3] < 128)
            {
                values.AsSpan(i, 4).Clear();
            }
        }

        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}";
        return NpyFile.Read(Write(name, [.. NpyHeader(header), .. values]));
    }

    private static byte[] NpyHeader(string header) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), 0, .. header.Select(character => (byte)character), (byte)'\n'];

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
