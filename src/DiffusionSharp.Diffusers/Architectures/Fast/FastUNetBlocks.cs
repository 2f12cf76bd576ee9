using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The blocks of a UNet for samples of one shape, with channels last.</summary>
internal sealed class FastUNetBlocks(UNetSettings settings, Value time, Value context, FastBlocks blocks, int rows, int height, int width) : IUNetBlocks
{
    private const float TransformerEpsilon = 1e-6f;

    public IUNetBlocks Middle => this;

    public Value In(Value sample, Weights w) => sample.Conv(w, settings.Channels[0], settings.InKernel).ToTokens();

    public Value Resnet(Value x, Weights w, int level, int channels) => blocks.Resnet(At(x, level), w, channels, time, settings.ScaleShift).Value;

    public Value Transformer(Value x, Weights w, int level, int depth, bool onlyCross) =>
        new FastTransformer(At(x, level), context, settings.Heads[level], onlyCross).Apply(w, At(x, level).Moments.GroupNorm(w["norm"], settings.Groups, TransformerEpsilon), depth);

    public Value Down(Value x, Weights w, int level) => At(x, level).ToPlanes().ConvDown(w["conv"], settings.Channels[level], settings.DownPadding).ToTokens();

    public Value Up(Value x, Weights w, int level) =>
        blocks.Convolution(At(x, level), w["conv"], settings.Channels[level], norm: null, w["conv"].Tensor("bias", settings.Channels[level]), isDoubled: true).Value;

    public Value Join(Value x, Value skip) => Shapes.ConcatChannels(2, x, skip);

    public Value Given(Value picture) => picture.ToTokens();

    public Value Out(Value x, Weights w)
    {
        FastPicture picture = At(x, 0);
        Value active = blocks.Norm(picture, w["conv_norm_out"]).Of(x).SiluAtOnce();
        return (picture with { Value = active }).ToPlanes().Conv(w["conv_out"], settings.OutChannels, settings.OutKernel);
    }

    private FastPicture At(Value x, int level) => new(x, rows, height >> level, width >> level);
}
