using System.Numerics.Tensors;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>Embeddings of weighted prompts, beside sums in double precision.</summary>
public sealed class PromptSyntaxEncoderTests
{
    private static readonly ToyTokenEncoder Toy = new();

    // The vocabulary is the embedded model's: chunks of 30 tokens between begin and end.
    private static int Length => Toy.Tokenizer.MaxLength;

    public static TheoryData<IPromptSyntax> Syntaxes => [PromptSyntax.A1111, PromptSyntax.A1111 with { Emphasis = A1111Emphasis.NoNorm }, PromptSyntax.Lpw];

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public void Without_weights_the_embedding_is_the_plain_one_to_the_last_bit(IPromptSyntax syntax)
    {
        using var encoder = new PromptSyntaxEncoder(Toy, syntax, leaveOpen: true);
        foreach (string prompt in (string[])["a red apple", "", "a red apple, (green:1) (leaf:1.0)", @"\(brackets\)"])
        {
            string plain = prompt.Replace("(green:1) (leaf:1.0)", "green leaf", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            TextEncoding expected = Toy.Encode([plain, ""]);
            TextEncoding actual = encoder.Encode([prompt, ""], Steps(5), default);
            Assert.Equal(Bits(expected.Parts.Context!), Bits(actual.Parts.Context!));
            Assert.Equal(expected.Parts.Pooled!.Values(), actual.Parts.Pooled!.Values());
            Assert.Empty(actual.Changes);
        }
    }

    [Fact]
    public void Weights_multiply_and_the_mean_of_the_chunk_stays()
    {
        float[] plain = Plain("a red apple leaf");
        double[] weights = [1, 1, 1.3, 1 / 1.1, 0.4];
        double[] weighted = [.. plain.Select((value, i) => value * (i / 2 < weights.Length ? (float)weights[i / 2] : 1))];
        double ratio = plain.Average(x => (double)x) / weighted.Average();

        // A token for each word.
        Assert.Equal(5, 1 + Toy.Clip.Encode("a red apple leaf").Count);
        Near([.. weighted.Select(x => x * ratio)], Encode(PromptSyntax.A1111, "a (red:1.3) [apple] (leaf:0.4)"));
        Near([.. weighted.Select(x => x * ratio)], Encode(PromptSyntax.Lpw, "a (red:1.3) [apple] (leaf:0.4)"));
        Near(weighted, Encode(PromptSyntax.A1111 with { Emphasis = A1111Emphasis.NoNorm }, "a (red:1.3) [apple] (leaf:0.4)"));
        Near([.. plain], Encode(PromptSyntax.A1111 with { Emphasis = A1111Emphasis.Ignore }, "a (red:1.3) [apple] (leaf:0.4)"));
        Near([.. Plain("a (red:1.3)")], Encode(PromptSyntax.A1111 with { Emphasis = A1111Emphasis.None }, "a (red:1.3)"));
        Near([.. plain], Encode(PromptSyntax.Lpw with { SkipsWeighting = true }, "a (red:1.3) [apple] (leaf:0.4)"));
        Near([.. Plain("a (red:1.3)")], Encode(PromptSyntax.Lpw with { SkipsParsing = true }, "a (red:1.3)"));
    }

    [Fact]
    public void A_break_begins_a_chunk_and_each_chunk_keeps_its_own_mean()
    {
        float[] both = Encode(PromptSyntax.A1111, "a (red:1.3) apple BREAK a (leaf:0.5)");
        Assert.Equal(2 * Length * ToyTokenEncoder.Width, both.Length);
        Assert.Equal(Encode(PromptSyntax.A1111, "a (red:1.3) apple"), both[..(both.Length / 2)]);
        Assert.Equal(Encode(PromptSyntax.A1111, "a (leaf:0.5)"), both[(both.Length / 2)..]);
    }

    [Fact]
    public void Prompts_are_as_long_as_another_encoder_has_read()
    {
        var plan = new TextEncodingPlan { LeastTokens = (2 * Length) + 1 };
        Assert.Equal([.. Plain("leaf"), .. Plain(""), .. Plain("")], Values(PromptSyntax.Lpw, plan));
        Assert.Equal([.. Plain("leaf"), .. Plain(""), .. Plain("")], Values(PromptSyntax.A1111 with { PadsWithEmptyChunks = true }, plan));
        Assert.Equal([.. Plain("leaf"), .. Enumerable.Repeat(Plain("leaf")[^2..], Length + 1).SelectMany(x => x)], Values(PromptSyntax.A1111, plan));
        Assert.Equal(Plain("leaf"), Values(PromptSyntax.Lpw, new TextEncodingPlan { LeastTokens = Length }));

        // Of three chunks four tokens between them are left out.
        Assert.Equal(((3 * Length) - 4) * ToyTokenEncoder.Width, Values(PromptSyntax.Lpw with { DropsInnerEnds = true }, new TextEncodingPlan { LeastTokens = (3 * Length) - 4 }).Length);

        static float[] Values(IPromptSyntax syntax, TextEncodingPlan plan) => With(syntax).Encode(["leaf"], plan, default).Parts.Context!.Values().ToArray();
    }

    [Fact]
    public void Long_prompts_become_chunks_and_the_others_as_long()
    {
        string prompt = string.Join(' ', Enumerable.Repeat("red", 70));
        TextEncoding encoding = With(PromptSyntax.A1111).Encode([prompt, "leaf"]);
        Assert.Equal([2, 3 * Length, 2], encoding.Parts.Context!.Lengths);
        float[] shorter = [.. encoding.Parts.Context!.Values()[(3 * Length * 2)..]];
        Assert.Equal([.. Plain("leaf"), .. Enumerable.Repeat(Plain("leaf")[^2..], 2 * Length).SelectMany(x => x)], shorter);

        encoding = With(PromptSyntax.A1111 with { PadsWithEmptyChunks = true }).Encode([prompt, "leaf"]);
        Assert.Equal([.. Plain("leaf"), .. Plain(""), .. Plain("")], encoding.Parts.Context!.Values()[(3 * Length * 2)..].ToArray());

        encoding = With(PromptSyntax.Lpw).Encode([prompt, "leaf"]);
        Assert.Equal([2, 3 * Length, 2], encoding.Parts.Context!.Lengths);
        shorter = [.. encoding.Parts.Context!.Values()[(3 * Length * 2)..]];
        Assert.Equal([.. Plain("leaf"), .. Plain(""), .. Plain("")], shorter);
        Assert.Equal([null, null], encoding.TruncatedTexts);

        // Begin and end stay once, at the ends of the whole.
        encoding = With(PromptSyntax.Lpw with { DropsInnerEnds = true }).Encode([prompt, "leaf"]);
        Assert.Equal([2, (3 * (Length - 2)) + 2, 2], encoding.Parts.Context!.Lengths);
        shorter = [.. encoding.Parts.Context!.Values()[(int)(encoding.Parts.Context!.Lengths[1] * 2)..]];
        Assert.Equal([.. Plain("leaf")[..^2], .. Plain("")[2..^2], .. Plain("")[2..]], shorter);

        string longer = string.Join(' ', Enumerable.Repeat("red", 92));
        Assert.Equal(["red red"], With(PromptSyntax.Lpw).Encode([longer]).TruncatedTexts);
        Assert.Equal([null], With(PromptSyntax.A1111).Encode([longer]).TruncatedTexts);
    }

    [Fact]
    public void A_full_chunk_ends_at_a_comma_shortly_before()
    {
        ClipTokenizer tokenizer = Toy.Clip;
        int red = Assert.Single(tokenizer.Encode("red"));
        string prompt = string.Join(' ', Enumerable.Repeat("red", 15)) + ", " + string.Join(' ', Enumerable.Repeat("red", 20));

        // 30 tokens are full: 15 words, the comma, 14 words.
        Assert.Equal([16, 20], Counts(PromptSyntax.A1111 with { CommaBacktrack = 14 + 1 }));
        Assert.Equal([30, 6], Counts(PromptSyntax.A1111 with { CommaBacktrack = 14 }));
        Assert.Equal([30, 6], Counts(PromptSyntax.A1111 with { CommaBacktrack = 0 }));

        int[] Counts(A1111PromptSyntax syntax) => [.. syntax.Read(prompt, tokenizer, 1, false).Entries[0].Chunks.Select(chunk => chunk.Terms[0].Tokens.Ids.Count(id => id != tokenizer.EndTokenId) - 1)];
    }

    [OpenAiVocabularyFact]
    public void Every_recorded_prompt_has_its_recorded_chunks()
    {
        var tokenizer = ClipTokenizer.Load(ClipFolders.OpenAi!);
        Assert.All(PromptFixture.Of("a1111"), recorded =>
        {
            IReadOnlyList<PromptChunk> chunks = PromptSyntax.A1111.Read(recorded.Prompt(), tokenizer, 1, false).Entries[0].Chunks;
            var expected = recorded.GetProperty("chunks").EnumerateArray().Select(chunk => (chunk.Ids(), chunk.Weights())).ToArray();
            Assert.Equal(expected.Length, chunks.Count);
            Assert.All(chunks.Zip(expected), pair => AssertChunk(pair.Second.Item1, pair.Second.Item2, pair.First, tokenizer));
        });
        Assert.All(PromptFixture.Of("lpw"), recorded =>
        {
            IReadOnlyList<PromptChunk> chunks = PromptSyntax.Lpw.Read(recorded.Prompt(), tokenizer, 1, false).Entries[0].Chunks;
            Assert.All(chunks.Zip(recorded.Ids().Chunk(75).Zip(recorded.Weights().Chunk(75))), pair => AssertChunk(pair.Second.First, pair.Second.Second, pair.First, tokenizer));
        });
    }

    [Fact]
    public void What_changes_on_the_way_is_said_with_its_step_and_encoded_once()
    {
        using var encoder = new ToyTokenEncoder();
        using var prompts = new PromptSyntaxEncoder(encoder, PromptSyntax.A1111);
        TextEncoding encoding = prompts.Encode(["a [red|green] apple", "leaf", "[leaf:apple:3]"], Steps(4), default);
        Assert.Equal([4], encoder.Calls);
        Assert.Equal([.. Plain("a red apple"), .. Plain("leaf"), .. Plain("leaf")], encoding.Parts.Context!.Values());
        Assert.Equal([(0, 1), (0, 2), (0, 3), (2, 3)], encoding.Changes.Select(change => (change.Prompt, change.FromStep)));
        Assert.Equal(Plain("a green apple"), encoding.Changes[0].Parts.Context!.Values());
        Assert.Same(encoding.Changes[0].Parts, encoding.Changes[2].Parts);
        Assert.Equal(Plain("a red apple"), encoding.Changes[1].Parts.Context!.Values());
        Assert.Equal(Plain("apple"), encoding.Changes[3].Parts.Context!.Values());
        Assert.Equal(Toy.Encode(["apple"]).Parts.Pooled!.Values(), encoding.Changes[3].Parts.Pooled!.Values());
    }

    [Fact]
    public void The_texts_of_one_prompt_keep_their_mean_together()
    {
        float[][] plain = [Plain("a cat on grass"), Plain("a dog on grass")];
        int grass = Toy.Clip.Encode("a cat on").Count + 1;
        double[][] weighted = [.. plain.Select(values => values.Select((value, i) => value * (i / 2 >= grass && i / 2 < grass + Toy.Clip.Encode("grass").Count ? 1.2f : 1.0)).ToArray())];
        Assert.Equal(Toy.Clip.Encode("a cat on").Count, Toy.Clip.Encode("a dog on").Count);

        // Three steps: cat, dog, cat.
        double ratio = ((2 * plain[0].Sum(x => (double)x)) + plain[1].Sum(x => (double)x)) / ((2 * weighted[0].Sum()) + weighted[1].Sum());
        TextEncoding encoding = With(PromptSyntax.A1111).Encode(["a [cat|dog] on (grass:1.2)"], Steps(3), default);
        Near([.. weighted[0].Select(x => x * ratio)], encoding.Parts.Context!.Values());
        Near([.. weighted[1].Select(x => x * ratio)], encoding.Changes[0].Parts.Context!.Values());
    }

    [Fact]
    public void Chunks_are_remembered()
    {
        using var encoder = new ToyTokenEncoder();
        using var prompts = new PromptSyntaxEncoder(encoder, PromptSyntax.A1111, rememberedChunks: 2);
        float[] first = [.. prompts.Encode(["a (red:1.2) apple", ""]).Parts.Context!.Values()];
        Assert.Equal(first, prompts.Encode(["a (red:1.2) apple", ""]).Parts.Context!.Values());

        // Other weights, the same tokens.
        prompts.Encode(["a red apple", ""]);
        Assert.Equal([2], encoder.Calls);
        prompts.Encode(["leaf", "leaf", "a red apple"]);
        Assert.Equal([2, 1], encoder.Calls);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var encoder = new ToyTokenEncoder();
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromptSyntaxEncoder(encoder, PromptSyntax.A1111, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PromptSyntax.A1111 with { CommaBacktrack = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => PromptSyntax.Lpw with { MostChunks = 0 });
        var error = Assert.Throws<ArgumentException>(() => new PromptSyntaxEncoder(new ToyTokenEncoder(new Letters()), PromptSyntax.A1111));
        Assert.Contains("Letters", error.Message, StringComparison.Ordinal);
        var prompts = new PromptSyntaxEncoder(encoder, PromptSyntax.A1111);
        Assert.Throws<ArgumentException>(() => prompts.Encode([]));
        Assert.Throws<ArgumentException>(() => prompts.Encode(["a", null!]));
        Assert.Throws<PromptSyntaxException>(() => prompts.Encode(["(a:1.2.3)"]));
        Assert.Throws<OperationCanceledException>(() => prompts.Encode(["a"], new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>("encoder", () => new CachedTextEncoder(prompts));
        prompts.Dispose();
        prompts.Dispose();
        Assert.Equal(1, encoder.Disposals);
        Assert.Throws<ObjectDisposedException>(() => prompts.Encode(["a"]));
    }

    private static TextEncodingPlan Steps(int steps) => new() { Steps = steps };

    private static PromptSyntaxEncoder With(IPromptSyntax syntax) => new(Toy, syntax, leaveOpen: true);

    private static float[] Plain(string prompt) => [.. Toy.Encode([prompt]).Parts.Context!.Values()];

    private static float[] Encode(IPromptSyntax syntax, string prompt) => [.. With(syntax).Encode([prompt]).Parts.Context!.Values()];

    private static int[] Bits(Tensor<float> values) => [.. values.Values().ToArray().Select(BitConverter.SingleToInt32Bits)];

    // A product or two in float32.
    private static void Near(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }

    private static void AssertChunk(int[] ids, float[] weights, PromptChunk chunk, ClipTokenizer tokenizer)
    {
        WeightedTokens tokens = Assert.Single(chunk.Terms);
        Assert.Equal([tokenizer.BeginTokenId, .. ids, .. Enumerable.Repeat(tokenizer.EndTokenId, 76 - ids.Length)], tokens.Tokens.Ids);
        Assert.Equal([1, .. weights, .. Enumerable.Repeat(1f, 76 - ids.Length)], tokens.Weights);
    }

    private sealed class Letters : ITokenizer
    {
        public int MaxLength => 4;

        public TokenizedText Tokenize(string text) => new([1, 2, 2, 2], 2, null);
    }
}
