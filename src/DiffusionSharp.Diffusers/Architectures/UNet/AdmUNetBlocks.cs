using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The blocks of ADM (arXiv:2105.05233): residual blocks also halve and double pictures <c>[B, C, H, W]</c>, and pixels attend to each other, together with conditions where there
/// are some.
/// </summary>
/// <param name="settings">What the network says.</param>
/// <param name="adm">What it says beyond others.</param>
/// <param name="time">The embedded time.</param>
/// <param name="context">The conditions <c>[B, T, D]</c>; null for a network without.</param>
/// <param name="mask">Which of the conditions count, <c>[B, T]</c>; all when null.</param>
/// <param name="isMiddle">Whether they are those of the middle.</param>
internal sealed class AdmUNetBlocks(UNetSettings settings, AdmSettings adm, Value time, Value? context, Value? mask, bool isMiddle = false) : IUNetBlocks
{
    private readonly Value _active = adm.SkipsTimeActivation ? time : adm.Activation(time);

    public IUNetBlocks Middle => new AdmUNetBlocks(settings, adm, time, context, mask, isMiddle: true);

    public Value In(Value sample, Weights w) => sample.Conv(w, settings.Channels[0], settings.InKernel);

    public Value Resnet(Value x, Weights w, int level, int channels) => Residual(x, w, channels, resized: null);

    public Value Transformer(Value x, Weights w, int level, int depth, bool onlyCross) => context is { } conditions
        ? x.AttendWith(w, conditions, mask, settings.Heads[level], settings.Groups, onlyCross, adm.NormalisesContext)
        : x.AttendItself(w, (isMiddle ? adm.MiddleGroups : settings.Groups) is { } groups ? x.GroupNorm(w["group_norm"], groups, settings.Epsilon) : x, settings.Heads[level]);

    public Value Down(Value x, Weights w, int level) => Residual(x, w, settings.Channels[level], Halved);

    public Value Up(Value x, Weights w, int level) => Residual(x, w, settings.Channels[level], Shapes.Double);

    public Value Join(Value x, Value skip) => Shapes.ConcatChannels(1, x, skip);

    public Value Given(Value picture) => picture;

    public Value Out(Value x, Weights w) =>
        adm.Activation(x.GroupNorm(w["conv_norm_out"], settings.Groups, settings.Epsilon)).Conv(w["conv_out"], settings.OutChannels, settings.OutKernel);

    private Value Residual(Value x, Weights w, int channels, Func<Value, Value>? resized) => x.Resnet(w, channels, settings, _active, resized, isMiddle ? adm.MiddleScale : adm.Scale);

    // Each pixel is the mean of four.
    private static Value Halved(Value x) => x.Graph.Node("AveragePool", x.Channels, [x], ("kernel_shape", [2L, 2]), ("strides", [2L, 2]));
}
