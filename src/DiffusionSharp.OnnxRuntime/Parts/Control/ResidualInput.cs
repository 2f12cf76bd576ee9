using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// An input that is added to what a UNet computes, a residual of a ControlNet or T2I-Adapter. Where nobody gives it, nothing is added, as in diffusers: zeros,
/// with extents of 1 where the graph leaves them open, which are added to every place.
/// </summary>
/// <param name="Tensor">The graph's input.</param>
internal sealed record ResidualInput(OnnxTensorInfo Tensor)
    : ConditionInput(Tensor, Tensor.Name)
{
    public override void Check(Conditioning conditioning, int rows, string modelPath)
    {
        if (Find(conditioning) is not null)
        {
            base.Check(conditioning, rows, modelPath);
        }
    }

    public override long[] Shape(Conditioning conditioning, int rows) => Find(conditioning) is not null
        ? base.Shape(conditioning, rows)
        : [.. Tensor.Dimensions.Select((_, dimension) => (long)(Tensor.Fixed(dimension) ?? (dimension == 0 ? rows : 1)))];

    public override void Write(Conditioning conditioning, int row, int rows, Span<float> input)
    {
        if (Find(conditioning) is null)
        {
            input.Clear();
        }

        base.Write(conditioning, row, rows, input);
    }
}
