using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The decoder of an <see cref="AutoencoderKL"/> for latents of one size: channels last, and large pictures in bands.</summary>
internal static class FastDecoder
{
    private const float Epsilon = 1e-6f;
    private const int Tiles = 4;
    private const int Queries = 512;
    private const int LastRows = 16;
    private const int Taps = 3;

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="shape">The shape of the latents, <c>[1, C, H, W]</c>.</param>
    /// <param name="cache">The transformed weights.</param>
    /// <returns>The graph; null for several latents at once, for sizes that are no multiples of tiles, and for decoders with attention on their levels.</returns>
    public static ModelSource? Build(Checkpoint checkpoint, NetworkConfig config, IReadOnlyList<long> shape, WinogradCache cache)
    {
        (int height, int width) = ((int)shape[2], (int)shape[3]);
        if (shape[0] != 1 || height % Tiles != 0 || width % Tiles != 0)
        {
            return null;
        }

        var settings = AutoencoderSettings.Read(config);
        if (settings.UpAttention.Contains(true))
        {
            return null;
        }

        var graph = new Graph(config.Path, checkpoint.Path);
        var weights = new Weights(graph, checkpoint);
        Weights w = weights["decoder"];
        var blocks = new FastBlocks(cache, settings.Groups, Epsilon, inBands: true);
        Value latents = graph.Input("latent_sample", 1, 1, settings.LatentChannels, height, width);
        latents = settings.PostQuantConvolution ? latents.Conv(weights["post_quant_conv"], settings.LatentChannels, kernel: 1) : latents;
        var x = FastPicture.Of(latents.Conv(w["conv_in"], settings.Channels[^1]), 1, height, width);

        x = blocks.Resnet(x, w["mid_block"]["resnets"][0], x.Channels);
        x = settings.MidAttention ? Attend(x, w["mid_block"]["attentions"][0], blocks) : x;
        x = blocks.Resnet(x, w["mid_block"]["resnets"][1], x.Channels);
        for (int up = 0; up < settings.Channels.Count; up++)
        {
            int level = settings.Channels.Count - 1 - up;
            for (int layer = 0; layer <= settings.Layers; layer++)
            {
                x = blocks.Resnet(x, w["up_blocks"][up]["resnets"][layer], settings.Channels[level]);
            }

            Weights conv = w["up_blocks"][up]["upsamplers"][0]["conv"];
            x = level == 0 ? x : blocks.Convolution(x, conv, x.Channels, norm: null, conv.Tensor("bias", x.Channels), isDoubled: true);
        }

        graph.Output("sample", Out(x, blocks.Norm(x, w["conv_norm_out"]), w["conv_out"], settings.PictureChannels), 1, settings.PictureChannels, x.Height, x.Width);
        return graph.ToSource();
    }

    // One head as wide as the picture has channels, for some queries at a time.
    private static FastPicture Attend(FastPicture x, Weights w, FastBlocks blocks)
    {
        Value tokens = blocks.Norm(x, w["group_norm"]).Of(x.Value);
        int parts = FastLayers.Blocks(x.Pixels, Queries);
        Value query = Projected(w.OneOf("to_q", "query")).Reshape(x.Pixels, x.Channels) * (1 / MathF.Sqrt(x.Channels));
        Value key = Projected(w.OneOf("to_k", "key")).Reshape(x.Pixels, x.Channels).Transpose(1, 0);
        Value value = Projected(w.OneOf("to_v", "value")).Reshape(x.Pixels, x.Channels);
        Value[] seen = [.. query.Parts(0, x.Pixels, parts).Select(part => MatMul(Softmax(MatMul(part, key)), value))];
        Weights last = w.OneOf("to_out.0", "proj_attn");
        Value sum = FastLayers.Together(0, seen).Product(last.Tensor("weight", x.Channels, x.Channels), x.Channels, 1, x.Pixels, last.Tensor("bias", x.Channels));
        return new FastPicture(x.Value + sum, 1, x.Height, x.Width);

        Value Projected(Weights projection) =>
            tokens.Product(projection.Tensor("weight", x.Channels, x.Channels), x.Channels, 1, x.Pixels, projection.Tensor("bias", x.Channels));
    }

    // The last convolution has few channels to give: a product with all of its taps, band by band, and a convolution that only moves and adds.
    private static Value Out(FastPicture x, ScaleShift norm, Weights w, int channels)
    {
        Graph graph = x.Graph;
        int taps = Taps * Taps * channels;
        Value weight = w.Tensor("weight", channels, x.Channels, Taps, Taps).Transpose(1, 2, 3, 0).Reshape(x.Channels, taps).WithChannels(taps);
        int rows = Enumerable.Range(1, LastRows).Last(count => x.Height % count == 0);
        int pixels = rows * x.Width;
        Value[] products = graph.Scan(
            [new Row(x.Value.Reshape(x.Height / rows, pixels, x.Channels), ElementType.Float32, pixels, x.Channels)],
            band => [new Row(MatMul(norm.Of(band[0].WithChannels(x.Channels).Reshape(1, pixels, x.Channels)).SiluAtOnce().Reshape(pixels, x.Channels), weight), ElementType.Float32, pixels, taps)]);
        Value planes = products[0].Reshape(x.Pixels, taps).Transpose(1, 0).Reshape(1, taps, x.Height, x.Width);
        return graph.Node("Conv", channels, [planes, graph.Constant(Moves(channels), channels, taps, Taps, Taps), w.Tensor("bias", channels)], ("kernel_shape", [3L, 3]), ("pads", [1L, 1, 1, 1]));
    }

    // For each result the product of each tap where that tap looks.
    private static float[] Moves(int channels)
    {
        int taps = Taps * Taps;
        var moves = new float[channels * taps * channels * taps];
        for (int channel = 0; channel < channels; channel++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                moves[(((channel * taps * channels) + (tap * channels) + channel) * taps) + tap] = 1;
            }
        }

        return moves;
    }

    private static Value MatMul(Value left, Value right) => left.Graph.Node("MatMul", right.Channels, [left, right]);

    private static Value Softmax(Value x) => x.Graph.Node("Softmax", x.Channels, [x], ("axis", -1L));
}
