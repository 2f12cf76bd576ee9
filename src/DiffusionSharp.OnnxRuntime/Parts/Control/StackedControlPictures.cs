using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// The control pictures of a graph that has its ControlNets inside, <c>[N, B, 3, H, W]</c>, as diffusers' script
/// <c>convert_stable_diffusion_controlnet_to_onnx.py</c> exports it.
/// </summary>
internal sealed record StackedControlPictures : ConditionInput
{
    public const string InputName = "controlnet_conds";

    private const int Rank = 5;

    private readonly string[] _parts;

    public StackedControlPictures(OnnxTensorInfo tensor, string modelPath)
        : base(tensor, InputName)
    {
        int nets = tensor is { Rank: Rank } && tensor.Fixed(0) is { } fixedNets
            ? fixedNets
            : throw new ModelFormatException(modelPath, $"the input '{InputName}' must be [ControlNets, batch, channels, height, width] with a fixed number of ControlNets, found {tensor.ShapeText}.");
        _parts = [.. Enumerable.Range(0, nets).Select(ConditionNames.ControlPicture)];
    }

    /// <summary>The number of ControlNets.</summary>
    public int Nets => _parts.Length;

    public override void Check(Conditioning conditioning, int rows, string modelPath)
    {
        foreach (string name in _parts)
        {
            ConditionPart part = conditioning[name] ?? throw new ArgumentException($"{modelPath}: the model's input '{InputName}' needs the condition '{name}', which this generation does not have.");
            if (part.Values.Rank != Rank - 1 || part.Values.Lengths[0] != rows || !part.Values.Lengths.SequenceEqual(conditioning[_parts[0]]!.Values.Lengths))
            {
                throw new ArgumentException($"{modelPath}: the condition '{name}' has the shape {part.Values.ShapeText()}, but it must be [{rows}, channels, height, width], the same for all ControlNets.");
            }
        }
    }

    public override long[] Shape(Conditioning conditioning, int rows) =>
        [_parts.Length, .. conditioning[_parts[0]]!.Values.Lengths.ToArray().Select(extent => (long)extent)];

    public override void Write(Conditioning conditioning, int row, int rows, Span<float> input)
    {
        int length = input.Length / (_parts.Length * rows);
        for (int i = 0; i < _parts.Length; i++)
        {
            conditioning[_parts[i]]!.Values.Values().CopyTo(input[(((i * rows) + row) * length)..]);
        }
    }
}
