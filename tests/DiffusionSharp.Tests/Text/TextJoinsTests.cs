using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>How what several text encoders give becomes the conditions of a network. Encoder e gives 100·e + 10·token + feature, row r a thousand more.</summary>
public class TextJoinsTests
{
    [Fact]
    public void SDXL_has_the_features_side_by_side_and_the_last_pooled_vector()
    {
        Conditioning joined = TextJoins.StableDiffusionXL([Encoded(1, 2, 2, 1), Encoded(2, 2, 3, 2)]);
        Assert.Equal([2, 2, 5], joined.Context!.Lengths.ToArray());
        Assert.Equal([100, 101, 200, 201, 202, 110, 111, 210, 211, 212], joined.Context!.Values()[..10].ToArray());
        Assert.Equal(1100, joined.Context!.Values()[10]);
        Assert.Equal([-200, -201, -1200, -1201], joined.Pooled!.Values().ToArray());
    }

    [Fact]
    public void A_refiner_of_SDXL_has_one_encoder()
    {
        Conditioning one = Encoded(2, 2, 3, 2);
        Assert.Equal(one.Context!.Values(), TextJoins.StableDiffusionXL([one]).Context!.Values());
    }

    [Fact]
    public void Stable_Diffusion_3_has_CLIP_filled_up_before_T5()
    {
        Conditioning joined = TextJoins.StableDiffusion3([Encoded(1, 2, 1, 1), Encoded(2, 2, 2, 2), Encoded(3, 3, 4, 0)], 4);
        Assert.Equal([2, 5, 4], joined.Context!.Lengths.ToArray());
        Assert.Equal([100, 200, 201, 0, 110, 210, 211, 0, 300, 301, 302, 303, 310, 311, 312, 313, 320, 321, 322, 323], joined.Context!.Values()[..20].ToArray());
        Assert.Equal([-100, -200, -201, -1100, -1200, -1201], joined.Pooled!.Values().ToArray());
    }

    [Fact]
    public void Without_T5_there_are_as_many_tokens_of_zeros_as_CLIP_has()
    {
        Conditioning joined = TextJoins.StableDiffusion3([Encoded(1, 2, 1, 1), Encoded(2, 2, 2, 2)], 3);
        Assert.Equal([2, 4, 3], joined.Context!.Lengths.ToArray());
        Assert.Equal([100, 200, 201, 110, 210, 211, 0, 0, 0, 0, 0, 0], joined.Context!.Values()[..12].ToArray());
    }

    [Fact]
    public void Flux_has_the_tokens_of_T5_and_the_pooled_vector_of_CLIP()
    {
        Conditioning joined = TextJoins.Flux([Encoded(1, 2, 2, 2), Encoded(2, 3, 4, 0)]);
        Assert.Equal(Encoded(2, 3, 4, 0).Context!.Values(), joined.Context!.Values());
        Assert.Equal([-100, -101, -1100, -1101], joined.Pooled!.Values().ToArray());
    }

    [Fact]
    public void What_is_missing_or_too_wide_is_named()
    {
        Assert.Contains("'pooled'", Assert.Throws<ArgumentException>(() => TextJoins.StableDiffusionXL([Encoded(1, 2, 2, 0)])).Message, StringComparison.Ordinal);
        Assert.Contains("2 tokens and the other 3", Assert.Throws<ArgumentException>(() => TextJoins.StableDiffusionXL([Encoded(1, 2, 2, 1), Encoded(2, 3, 3, 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("width of 3", Assert.Throws<ArgumentException>(() => TextJoins.StableDiffusion3([Encoded(1, 2, 1, 1), Encoded(2, 2, 2, 2)], 2)).Message, StringComparison.Ordinal);
    }

    private static Conditioning Encoded(int encoder, int tokens, int width, int pooled)
    {
        const int Rows = 2;
        float[] context = [.. from row in Enumerable.Range(0, Rows) from token in Enumerable.Range(0, tokens) from feature in Enumerable.Range(0, width) select (1000f * row) + (100 * encoder) + (10 * token) + feature];
        float[] vectors = [.. from row in Enumerable.Range(0, Rows) from feature in Enumerable.Range(0, pooled) select -(1000f * row) - (100 * encoder) - feature];
        Conditioning parts = Conditioning.None.With(ConditionNames.Context, Tensor.Create(context, [Rows, tokens, width]));
        return pooled == 0 ? parts : parts.With(ConditionNames.Pooled, Tensor.Create(vectors, [Rows, pooled]));
    }
}
