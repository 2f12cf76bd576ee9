using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>What a model's metadata says of an input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">Its element type.</param>
/// <param name="Dimensions">Its extents; -1 where the model leaves one open.</param>
internal sealed record OnnxTensorInfo(string Name, TensorElementType ElementType, int[] Dimensions)
{
    public int Rank => Dimensions.Length;

    /// <summary>The shape as text, for example <c>[*, *, 768]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Dimensions.Select(extent => extent > 0 ? $"{extent}" : "*"))}]";

    /// <summary>The fixed extent of a dimension, or null where it is open or the rank is lower.</summary>
    public int? Fixed(int dimension) => dimension < Rank && Dimensions[dimension] > 0 ? Dimensions[dimension] : null;

    /// <summary>Whether a tensor of this shape has the rank and the fixed extents.</summary>
    public bool Fits(ReadOnlySpan<nint> shape)
    {
        if (shape.Length != Rank)
        {
            return false;
        }

        for (int i = 0; i < Rank; i++)
        {
            if (Fixed(i) is { } extent && extent != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}
