using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Earlier layers of text encoders whose graphs give the last one alone, against the transformer's formula.</summary>
public class EncoderLayersTests
{
    private static readonly int[] Ids = [1, 'r', 'e', 'd', 2, 2, 2, 2];

    // Some twenty float32 roundings of values below 8; as many float16 ones, which norms of small deviation enlarge.
    [Theory]
    [InlineData("transformer", 0, 1e-5)]
    [InlineData("transformer", 1, 1e-5)]
    [InlineData("transformer", 3, 1e-5)]
    [InlineData("transformer-one-node-norms", 2, 1e-5)]
    [InlineData("transformer-float16", 1, 0.05)]
    public void What_is_skipped_leaves_an_earlier_state_which_is_normed(string model, int skipped, double tolerance)
    {
        using OnnxTextEncoder encoder = Load(model, ContextLayer.Last);
        Conditioning parts = Encode(encoder, skipped);
        Assertions.Near(TransformerFormula.Normed(TransformerFormula.State(Ids, TransformerFormula.Layers - skipped)), parts.Context!.Values(), tolerance);
        double[] whole = TransformerFormula.Normed(TransformerFormula.State(Ids, TransformerFormula.Layers));
        Assertions.Near(whole.AsSpan(TransformerFormula.Width, TransformerFormula.Width), parts.Pooled!.Values(), tolerance);
    }

    [Theory]
    [InlineData(ContextLayer.LastAsItIs, 0, 3)]
    [InlineData(ContextLayer.Penultimate, 0, 2)]
    [InlineData(ContextLayer.Penultimate, 2, 0)]
    public void States_as_they_are_need_no_outputs_either(ContextLayer layer, int skipped, int state)
    {
        using OnnxTextEncoder encoder = Load("transformer", layer);
        Assertions.Near(TransformerFormula.State(Ids, state), Encode(encoder, skipped).Context!.Values(), 1e-5);
    }

    [Fact]
    public void No_more_layers_than_there_are_can_be_skipped()
    {
        using OnnxTextEncoder last = Load("transformer", ContextLayer.Last);
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(last, 4)).Says("transformer.onnx", "ClipSkip", "at most 3");
        using OnnxTextEncoder penultimate = Load("transformer", ContextLayer.Penultimate);
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(penultimate, 3)).Says("at most 2");
    }

    [Fact]
    public void What_is_skipped_changes_nothing_for_the_next_prompt()
    {
        using OnnxTextEncoder encoder = Load("transformer", ContextLayer.Last);
        float[] whole = Encode(encoder, 0).Context!.Values().ToArray();
        Assert.NotEqual(whole, Encode(encoder, 1).Context!.Values().ToArray());
        Assert.Equal(whole, Encode(encoder, 0).Context!.Values().ToArray());
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Encode(encoder, 1));
    }

    private static OnnxTextEncoder Load(string model, ContextLayer layer) => new(Fixture.Path($"text-encoders/{model}.onnx"), new LetterTokenizer(), layer: layer);

    private static Conditioning Encode(OnnxTextEncoder encoder, int skipped) =>
        encoder.Encode(["red"], new TextEncodingPlan { Options = new TextEncodingOptions { ClipSkip = skipped } }, CancellationToken.None).Parts;
}
