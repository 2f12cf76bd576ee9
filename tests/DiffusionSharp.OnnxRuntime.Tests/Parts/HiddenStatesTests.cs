using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Which layer of a text encoder is the context. Of the fixture with three layers, hidden state i is the last one plus i.</summary>
public class HiddenStatesTests
{
    [Theory]
    [InlineData(ContextLayer.Last, 0, 0)]
    [InlineData(ContextLayer.LastAsItIs, 0, 3)]
    [InlineData(ContextLayer.LastAsItIs, 1, 2)]
    [InlineData(ContextLayer.Penultimate, 0, 2)]
    [InlineData(ContextLayer.Penultimate, 1, 1)]
    [InlineData(ContextLayer.Penultimate, 2, 0)]
    public void It_is_the_one_that_the_model_was_trained_with_or_an_earlier_one(ContextLayer layer, int skipped, int state)
    {
        using OnnxTextEncoder last = Load(ContextLayer.Last);
        using OnnxTextEncoder encoder = Load(layer);
        Conditioning parts = Encode(encoder, skipped).Parts;
        Assert.Equal(last.Encode(["red"]).Parts.Context!.Values().ToArray().Select(value => value + state), parts.Context!.Values().ToArray());

        // The projection is that of the whole encoder, whatever is skipped.
        Assert.Equal(last.Encode(["red"]).Parts.Pooled!.Values().ToArray(), parts.Pooled!.Values().ToArray());
    }

    [Fact]
    public void What_it_has_not_is_refused()
    {
        using OnnxTextEncoder penultimate = Load(ContextLayer.Penultimate);
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(penultimate, 3)).Says("ClipSkip", "at most 2");
        using OnnxTextEncoder last = Load(ContextLayer.Last);
        Assert.Throws<ModelFormatException>(() => Encode(last, 1)).Says("hidden-states.onnx", "form of a transformer", "output_hidden_states");
        Assert.Throws<ModelFormatException>(() => new OnnxTextEncoder(Fixture.Path("text-encoders/int64.onnx"), new LetterTokenizer(), layer: ContextLayer.Penultimate)).Says("hidden_states.0");
    }

    [Fact]
    public void A_mask_that_the_encoder_takes_is_one_of_the_parts()
    {
        using var encoder = new OnnxTextEncoder(Fixture.Path("text-encoders/int64-mask.onnx"), new LetterTokenizer());
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0], encoder.Encode(["red"]).Parts[ConditionNames.ContextMask]!.Values.Values().ToArray());
        using OnnxTextEncoder without = Load(ContextLayer.Last);
        Assert.Null(without.Encode(["red"]).Parts[ConditionNames.ContextMask]);
    }

    [Fact]
    public void A_length_of_the_requests_is_that_of_encoders_that_take_any()
    {
        using var any = new OnnxTextEncoder(Fixture.Path("text-encoders/int64.onnx"), new AnyLength(8));
        Assert.Equal(8, any.Encode(["red"]).Parts.Context!.Lengths[1]);
        var plan = new TextEncodingPlan { Options = new TextEncodingOptions { MaxLength = 5 } };
        Assert.Equal(5, any.Encode(["red"], plan, CancellationToken.None).Parts.Context!.Lengths[1]);
        using OnnxTextEncoder clip = Load(ContextLayer.Last);
        Assert.Equal(8, clip.Encode(["red"], plan, CancellationToken.None).Parts.Context!.Lengths[1]);
    }

    private static OnnxTextEncoder Load(ContextLayer layer) => new(Fixture.Path("text-encoders/hidden-states.onnx"), new LetterTokenizer(), layer: layer);

    private static TextEncoding Encode(OnnxTextEncoder encoder, int skipped) =>
        encoder.Encode(["red"], new TextEncodingPlan { Options = new TextEncodingOptions { ClipSkip = skipped } }, CancellationToken.None);

    private sealed class AnyLength(int length) : ITokenizer
    {
        public int MaxLength => length;

        public TokenizedText Tokenize(string text) => new(new int[length], length, null);

        public ITokenizer WithMaxLength(int other) => new AnyLength(other);
    }
}
