using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Text encoders of every export: hidden[b, s, d] = id[b, s]/1024 + d/4, pooled[b, p] = id[b, 1]/1024 + p/4, exact also in float16.</summary>
public class OnnxTextEncoderTests
{
    private const int Length = 8;
    private const int Width = 4;

    [Theory]
    [InlineData("int32", true)]
    [InlineData("int64", false)]
    [InlineData("float16", true)]
    public void Every_prompt_is_a_row_of_the_context(string model, bool isPooled)
    {
        using OnnxTextEncoder encoder = Load(model);
        TextEncoding encoding = encoder.Encode(["red", "", "to be or not"]);

        Assert.Equal([3, Length, Width], encoding.Parts.Context!.Lengths.ToArray());
        Assert.Equal([.. Context("red"), .. Context(""), .. Context("to be or not")], encoding.Parts.Context!.Values().ToArray());
        Assert.Equal(isPooled, encoding.Parts.Pooled is not null);
        if (isPooled)
        {
            Assert.Equal([3, 2], encoding.Parts.Pooled!.Lengths.ToArray());
            Assert.Equal([.. Pooled("red"), .. Pooled(""), .. Pooled("to be or not")], encoding.Parts.Pooled!.Values().ToArray());
        }
    }

    [Fact]
    public void A_projection_is_preferred_to_the_pooler()
    {
        using OnnxTextEncoder encoder = Load("projected");
        TextEncoding encoding = encoder.Encode(["red", "be"]);
        Assert.Equal([.. Pooled("red").Select(x => -x), .. Pooled("be").Select(x => -x)], encoding.Parts.Pooled!.Values().ToArray());
    }

    [Theory]
    [InlineData("int32-mask")]
    [InlineData("int64-mask")]
    public void The_mask_covers_what_only_fills_up(string model)
    {
        using OnnxTextEncoder encoder = Load(model);
        float[] expected = Context("red");

        // Begin, three letters and end are seen.
        Array.Clear(expected, 5 * Width, 3 * Width);
        Assert.Equal(expected, encoder.Encode(["red"]).Parts.Context!.Values().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_model_of_a_fixed_batch_takes_any_number_of_prompts(int count)
    {
        // Its batch is 2.
        using OnnxTextEncoder encoder = Load("fixed-shape");
        string[] prompts = ["red", "green", "blue", "", "x"];
        prompts = prompts[..count];
        TextEncoding encoding = encoder.Encode(prompts);

        Assert.Equal([count, Length, Width], encoding.Parts.Context!.Lengths.ToArray());
        Assert.Equal(prompts.SelectMany(Context), encoding.Parts.Context!.Values().ToArray());
        Assert.Equal([count, 2], encoding.Parts.Pooled!.Lengths.ToArray());
        Assert.Equal(prompts.SelectMany(Pooled), encoding.Parts.Pooled!.Values().ToArray());
    }

    [Fact]
    public void What_did_not_fit_is_reported_for_each_prompt()
    {
        using OnnxTextEncoder encoder = Load("int64");
        Assert.Equal([null, "or not", null], encoder.Encode(["red", "to be or not", ""]).TruncatedTexts);
    }

    [Fact]
    public void A_tokenizer_of_another_length_than_the_model_is_refused_with_both_lengths()
    {
        var error = Assert.Throws<ModelFormatException>(() => Load("fixed-shape", new LetterTokenizer(77)));
        error.Says("fixed-shape.onnx", "takes 8 tokens", "gives 77");
    }

    [Fact]
    public void Prompts_are_needed()
    {
        using OnnxTextEncoder encoder = Load("int64");
        Assert.Throws<ArgumentNullException>("prompts", () => encoder.Encode(null!));
        Assert.Throws<ArgumentException>("prompts", () => encoder.Encode([]));
        Assert.ThrowsAny<ArgumentException>(() => encoder.Encode(["red", null!]));
    }

    [Fact]
    public void A_tokenizer_is_needed() =>
        Assert.Throws<ArgumentNullException>("tokenizer", () => Load("int64", null!));

    [Fact]
    public async Task Prompts_encoded_beside_each_other_do_not_mix()
    {
        using OnnxTextEncoder encoder = Load("float16");
        string[] prompts = [.. Enumerable.Range('a', 8).Select(letter => new string((char)letter, 3))];
        TextEncoding[] encodings = await Task.WhenAll(prompts.Select(prompt => Task.Run(() => encoder.Encode([prompt]))));
        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(Context(prompts[i]), encodings[i].Parts.Context!.Values().ToArray());
        }
    }

    private static OnnxTextEncoder Load(string model) => Load(model, new LetterTokenizer(Length));

    private static OnnxTextEncoder Load(string model, ITokenizer tokenizer) => new(Fixture.Path($"text-encoders/{model}.onnx"), tokenizer);

    // Begin 1, letters, end and padding 2.
    private static int[] Ids(string prompt) => [.. prompt.Take(Length - 2).Select(letter => (int)letter).Prepend(1).Concat(Enumerable.Repeat(2, Length)).Take(Length)];

    private static float[] Context(string prompt) => [.. Ids(prompt).SelectMany(id => Enumerable.Range(0, Width).Select(d => (id / 1024f) + (d / 4f)))];

    private static float[] Pooled(string prompt) => [Ids(prompt)[1] / 1024f, (Ids(prompt)[1] / 1024f) + 0.25f];
}
