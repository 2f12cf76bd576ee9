using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>Prompts of compel.</summary>
public sealed class CompelTests
{
    private static readonly ToyTokenEncoder Toy = new() { TakesMask = true };

    [Fact]
    public void Every_recorded_prompt_has_its_recorded_pieces()
    {
        JsonElement[] rows = [.. JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", "Fixtures", "compel_prompts.json"))).EnumerateArray()];
        Assert.Equal(300, rows.Length);
        Assert.All(rows, recorded =>
        {
            CompelPrompt found = CompelPromptSyntax.Parse(recorded.Prompt());
            JsonElement[] parts = [.. recorded.GetProperty("parts").EnumerateArray()];
            Assert.Equal(parts.Length, found.Parts.Count);
            Assert.All(parts.Zip(found.Parts), pair =>
            {
                (JsonElement expected, CompelPart actual) = pair;
                Assert.Equal(expected.GetProperty("weight").GetDouble(), actual.Weight);
                Assert.Equal(expected.GetProperty("normalizes").GetBoolean(), actual.Normalizes);
                Assert.Equal(expected.GetProperty("shares").EnumerateArray().Select(share => share.GetDouble()), actual.Shares);
                Assert.Equal(
                    expected.GetProperty("blended").EnumerateArray().Select(pieces => pieces.EnumerateArray().Select(piece => (piece[0].GetString()!, piece[1].GetDouble())).ToArray()),
                    actual.Blended.Select(pieces => pieces.Select(piece => (piece.Text, piece.Weight)).ToArray()));
            });
        });
    }

    [Theory]
    [InlineData("(\"a\", \"b\").blend(1, 2) c", 24, "behind the end")]
    [InlineData("(\"a\", \"b\").blend(1, x)", 21, "'x'")]
    [InlineData("(\"a\", \"b\").and(1)", 1, "2 prompts and 1 weights")]
    [InlineData("(\"a\", \"b\").blend(1, -1)", 1, "add up to 0")]
    [InlineData("(\"a\",()).blend()", 1, "empty")]
    [InlineData("one,two a.swap(b)", 10, ".swap")]
    [InlineData("a withLora(x, 1)", 3, "LoRA")]
    public void What_cannot_be_read_is_refused_at_its_column(string prompt, int column, string problem)
    {
        var error = Assert.Throws<PromptSyntaxException>(() => PromptSyntax.Compel.Check(prompt));
        Assert.Equal(column, error.Column);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("(", "")]
    [InlineData("(a ", ")+")]
    [InlineData("\"", "")]
    [InlineData("a+ ", "")]
    [InlineData("a,", "")]
    [InlineData("\\\"", "")]
    public void Long_prompts_are_read_or_refused_at_once(string open, string close)
    {
        string prompt = $"{string.Concat(Enumerable.Repeat(open, 100_000))}x{string.Concat(Enumerable.Repeat(close, 100_000))}";
        if (open[0] == '(')
        {
            Assert.InRange(Assert.Throws<PromptSyntaxException>(() => PromptSyntax.Compel.Check(prompt)).Column, 1000, 3100);
        }
        else
        {
            PromptSyntax.Compel.Check(prompt);
        }
    }

    [Fact]
    public void A_weight_moves_vectors_away_from_those_of_an_empty_prompt()
    {
        float[] plain = Plain("a red leaf");
        float[] empty = Plain("");
        Near([.. plain.Select((value, i) => i / 2 == 2 ? empty[i] + (1.3f * ((double)value - empty[i])) : value)], Encode(PromptSyntax.Compel, "a (red)1.3 leaf"));
        Assert.Equal(plain, Encode(PromptSyntax.Compel, "a (red)1 leaf"));
    }

    [Fact]
    public void What_is_weaker_is_mixed_with_the_prompt_without_it()
    {
        // tan(pi/4) = 1: as much of the prompt without it.
        float[] empty = Plain("");
        TokenChunk tokens = new(Toy.Tokenizer.Tokenize("a red leaf").Ids);
        float[] without = ToyTokenEncoder.Vectors(tokens with { Attended = [.. tokens.Ids.Select((_, i) => i != 2)] });
        Near([.. Plain("a red leaf").Zip(without).Select((pair, i) => (Weighted(pair.First, i) + Weighted(pair.Second, i)) / 2)], Encode(PromptSyntax.Compel, "a (red)0.5 leaf"));

        double[] removed = [.. Plain("a red leaf").Select((value, i) => (Weighted(value, i) + Plain("a leaf")[i]) / 2)];
        Near(removed, Encode(PromptSyntax.Compel with { Downweighting = CompelDownweighting.Remove }, "a (red)0.5 leaf"));

        // An encoder that takes no mask has it removed, unless the mask is asked for.
        using var blind = new ToyTokenEncoder();
        Near(removed, new PromptSyntaxEncoder(blind, PromptSyntax.Compel).Encode(["a (red)0.5 leaf"]).Parts.Context!.Values());
        var error = Assert.Throws<NotSupportedException>(() => new PromptSyntaxEncoder(blind, PromptSyntax.Compel with { Downweighting = CompelDownweighting.Mask }).Encode(["a (red)0.5 leaf"]));
        Assert.Contains("attention_mask", error.Message, StringComparison.Ordinal);

        double Weighted(float value, int i) => i / 2 == 2 ? empty[i] + (0.5 * ((double)value - empty[i])) : value;
    }

    [Fact]
    public void Blends_add_and_conjunctions_stand_one_behind_another()
    {
        (float[] apple, float[] leaf, float[] empty) = (Plain("apple"), Plain("leaf"), Plain(""));
        Near([.. apple.Zip(leaf, (a, b) => ((2.0 * a) + b) / 3)], Encode(PromptSyntax.Compel, "(\"apple\", \"leaf\").blend(2, 1)"));
        Near([.. apple.Zip(leaf, (a, b) => (2.0 * a) + b)], Encode(PromptSyntax.Compel, "(\"apple\", \"leaf\").blend(2, 1, no_normalize)"));
        Near([.. apple, .. leaf.Zip(empty, (a, b) => b + (0.5 * ((double)a - b)))], Encode(PromptSyntax.Compel, "(\"apple\", \"leaf\").and(1, 0.5)"));

        // Beside it an ordinary prompt is made as long by an empty chunk.
        using PromptSyntaxEncoder encoder = With(PromptSyntax.Compel);
        Near([.. apple, .. leaf, .. leaf, .. empty], encoder.Encode(["(\"apple\", \"leaf\").and()", "leaf"]).Parts.Context!.Values());
    }

    [Fact]
    public void Long_prompts_are_cut_off_or_cut_where_it_is_asked_for()
    {
        string prompt = $"{Words(20)}. {Words(4)}, {Words(20)}";
        Assert.Equal([string.Join(' ', Enumerable.Repeat("red", 16))], With(PromptSyntax.Compel).Encode([prompt]).TruncatedTexts);
        CompelPromptSyntax longer = PromptSyntax.Compel with { Truncates = false };
        Assert.Equal([21, 25], Counts(longer));
        Assert.Equal([26, 20], Counts(longer with { SplitsBehind = CompelSplit.Phrases }));
        Assert.Equal([30, 16], Counts(longer with { SplitsBehind = CompelSplit.Words }));
        Assert.Equal([30, 16], Counts(longer with { SplitsBehind = CompelSplit.Tokens }));

        float[] own = Encode(longer, prompt);
        int width = ToyTokenEncoder.Width, length = Toy.Tokenizer.MaxLength;
        (int first, int second) = (22 * width, (length + 26) * width);
        float[] copied = Encode(longer with { EndTokens = CompelEndTokens.First }, prompt);
        Assert.Equal([.. own[..second], .. own[first..(first + width)], .. own[(second + width)..]], copied);
        float[] mean = Encode(longer with { EndTokens = CompelEndTokens.Mean }, prompt);
        double[] expected = [.. own.Select(x => (double)x)];
        for (int k = 0; k < width; k++)
        {
            expected[first + k] = expected[second + k] = (own[first + k] + (double)own[second + k]) / 2;
        }

        Near(expected, mean);

        static string Words(int count) => string.Join(' ', Enumerable.Repeat("red", count));

        int[] Counts(CompelPromptSyntax syntax) => [.. syntax.Read(prompt, Toy.Clip, 1, true).Entries[0].Chunks.Select(chunk => chunk.Terms[0].Tokens.Ids.Count(id => id != Toy.Clip.EndTokenId) - 1)];
    }

    private static PromptSyntaxEncoder With(IPromptSyntax syntax) => new(Toy, syntax, leaveOpen: true);

    private static float[] Plain(string prompt) => [.. Toy.Encode([prompt]).Parts.Context!.Values()];

    private static float[] Encode(IPromptSyntax syntax, string prompt) => [.. With(syntax).Encode([prompt]).Parts.Context!.Values()];

    // A few products and sums in float32.
    private static void Near(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-6);
        }
    }
}
