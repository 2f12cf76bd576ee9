using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// A spatial transformer, see <see cref="TransformerBlocks"/>, over pictures of known size: everything but attention goes through it in blocks of about 512
/// rows, from the first projection to the last, so that what is between stays in the processor's cache.
/// </summary>
/// <param name="x">The pictures.</param>
/// <param name="context">The conditions <c>[N, T, D]</c>.</param>
/// <param name="heads">Heads of every attention.</param>
/// <param name="onlyCross">Whether the first attention also looks at the conditions.</param>
internal sealed class FastTransformer(FastPicture x, Value context, int heads, bool onlyCross)
{
    private const float Epsilon = 1e-5f;
    private const int BlockRows = 576;

    private readonly int _channels = x.Channels;
    private readonly int _parts = FastLayers.Blocks(x.Pixels, BlockRows / x.Rows);

    private long PixelsOfPart => x.Pixels / _parts;

    /// <param name="w">Its weights.</param>
    /// <param name="norm">The norm before it.</param>
    /// <param name="depth">How many blocks.</param>
    public Value Apply(Weights w, ScaleShift norm, int depth)
    {
        Value[] pictures = x.Value.Parts(1, x.Pixels, _parts);
        Value[] tokens = [.. pictures.Select(part => Rows(norm.Of(part)).Gemm(w["proj_in"], _channels))];
        for (int block = 0; block < depth; block++)
        {
            tokens = Block(tokens, w["transformer_blocks"][block]);
        }

        return FastLayers.Together(1, [.. pictures.Zip(tokens, (picture, part) => picture + Pictures(part.Gemm(w["proj_out"], _channels)))]);
    }

    private Value[] Block(Value[] tokens, Weights w)
    {
        Value[] normal = [.. tokens.Select(part => part.LayerNorm(w["norm1"]))];
        Value[] seen = onlyCross ? Cross(normal, w["attn1"]) : Own(normal, w["attn1"]);
        (normal, tokens) = AddAndNormalise(seen, tokens, w["attn1"], w["norm2"]);
        (normal, tokens) = AddAndNormalise(Cross(normal, w["attn2"]), tokens, w["attn2"], w["norm3"]);
        return [.. tokens.Zip(normal, (part, rows) => part + FeedForward(rows, w["ff"]["net"]))];
    }

    // Every row looks at all of the picture.
    private Value[] Own(Value[] normal, Weights w)
    {
        Value query = FastLayers.Together(1, [.. normal.Select(part => Pictures(part.Gemm(w["to_q"], _channels, bias: false)))]);
        Value key = FastLayers.Together(1, [.. normal.Select(part => Pictures(part.Gemm(w["to_k"], _channels, bias: false)))]);
        Value value = FastLayers.Together(1, [.. normal.Select(part => Pictures(part.Gemm(w["to_v"], _channels, bias: false)))]);
        return query.Attend(key, value, heads).Parts(1, x.Pixels, _parts);
    }

    private Value[] Cross(Value[] normal, Weights w)
    {
        Value key = InHeads(context.Linear(w["to_k"], _channels, bias: false));
        Value value = InHeads(context.Linear(w["to_v"], _channels, bias: false));
        return [.. normal.Select(part => Pictures(part.Gemm(w["to_q"], _channels, bias: false)).Attend(key, value, heads))];
    }

    // [N, heads, T, C/heads], once for all parts.
    private Value InHeads(Value x) => x.Reshape(0, 0, heads, _channels / heads).Transpose(0, 2, 1, 3);

    // What attention gives, projected, is added to the tokens; their sum is needed, and its norm.
    private (Value[] Normal, Value[] Sum) AddAndNormalise(Value[] seen, Value[] tokens, Weights w, Weights norm)
    {
        Value[][] pairs = [.. seen.Zip(tokens, (part, before) =>
        {
            Value projected = Rows(part).Gemm(w["to_out"][0], _channels, bias: false);
            Value[] inputs = [projected, before, norm.Tensor("weight", _channels), norm.Tensor("bias", _channels), w["to_out"][0].Tensor("bias", _channels)];
            return x.Graph.MicrosoftNodes("SkipLayerNormalization", _channels, inputs, [true, false, false, true], ("epsilon", Epsilon));
        })];
        return ([.. pairs.Select(pair => pair[0])], [.. pairs.Select(pair => pair[1])]);
    }

    // GEGLU, arXiv:2002.05202.
    private Value FeedForward(Value rows, Weights w)
    {
        Value Half(int half) => rows.Gemm(
            w[0]["proj"].Rows("weight", 4L * _channels * half, 4L * _channels, 8L * _channels, _channels),
            4 * _channels,
            w[0]["proj"].Rows("bias", 4L * _channels * half, 4L * _channels, 8L * _channels));

        return (Half(0) * Half(1).Gelu()).Gemm(w[2], _channels);
    }

    private Value Rows(Value pictures) => pictures.Reshape(x.Rows * PixelsOfPart, _channels);

    private Value Pictures(Value rows) => rows.Reshape(x.Rows, PixelsOfPart, _channels);
}
