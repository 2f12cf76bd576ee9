using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>The weights of a graph that has its ControlNets inside, <c>[N, 1]</c> or <c>[N]</c>: one for each net, of all rows and all residuals.</summary>
internal sealed record StackedControlWeights : ConditionInput
{
    public const string InputName = "conditioning_scales";

    private readonly string[] _parts;

    public StackedControlWeights(OnnxTensorInfo tensor, string modelPath)
        : base(tensor, InputName)
    {
        int nets = tensor.Rank is 1 or 2 && tensor.Fixed(0) is { } fixedNets && (tensor.Rank == 1 || tensor.Fixed(1) == 1)
            ? fixedNets
            : throw new ModelFormatException(modelPath, $"the input '{InputName}' must be [ControlNets, 1], found {tensor.ShapeText}.");
        _parts = [.. Enumerable.Range(0, nets).Select(ConditionNames.ControlWeight)];
    }

    public override void Check(Conditioning conditioning, int rows, string modelPath)
    {
        foreach (string name in _parts)
        {
            if (conditioning[name] is not { IsShared: true, Values: { FlattenedLength: 2 } weights } || weights.Values()[0] != weights.Values()[1])
            {
                throw new ArgumentException($"{modelPath}: the model has its ControlNets inside, and takes one weight of each for all rows and residuals: the condition '{name}' must be shared, and twice the same number.");
            }
        }
    }

    public override long[] Shape(Conditioning conditioning, int rows) => Tensor.Rank == 1 ? [_parts.Length] : [_parts.Length, 1];

    public override void Write(Conditioning conditioning, int row, int rows, Span<float> input)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            input[i] = conditioning[_parts[i]]!.Values.Values()[0];
        }
    }
}
