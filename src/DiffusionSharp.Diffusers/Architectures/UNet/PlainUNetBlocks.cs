using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Pictures <c>[B, C, H, W]</c> of any size, in the operators that networks are exported to.</summary>
/// <param name="settings">What the network says.</param>
/// <param name="time">The embedded time.</param>
/// <param name="context">The conditions <c>[B, T, D]</c>; null for a network without, whose pixels attend to each other.</param>
internal sealed class PlainUNetBlocks(UNetSettings settings, Value time, Value? context) : IUNetBlocks
{
    private readonly Value _time = settings.Activation(time);

    public IUNetBlocks Middle => this;

    public Value In(Value sample, Weights w) => sample.Conv(w, settings.Channels[0], settings.InKernel);

    public Value Resnet(Value x, Weights w, int level, int channels) => x.Resnet(w, channels, settings, _time);

    public Value Transformer(Value x, Weights w, int level, int depth, bool onlyCross) => context is { } conditions
        ? x.SpatialTransformer(w, conditions, depth, settings.Heads[level], settings, onlyCross)
        : x.AttendItself(w, x.GroupNorm(w["group_norm"], settings.Groups, settings.Epsilon), settings.Heads[level]);

    public Value Down(Value x, Weights w, int level) => x.ConvDown(w["conv"], settings.Channels[level], settings.DownPadding);

    public Value Up(Value x, Weights w, int level) => x.Double().Conv(w["conv"], settings.Channels[level]);

    public Value Join(Value x, Value skip) => Shapes.ConcatChannels(1, x, skip);

    public Value Given(Value picture) => picture;

    public Value Out(Value x, Weights w) =>
        x.GroupNorm(w["conv_norm_out"], settings.Groups, settings.Epsilon).Silu().Conv(w["conv_out"], settings.OutChannels, settings.OutKernel);
}
