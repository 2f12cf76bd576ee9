using System.Numerics.Tensors;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>Numbers to feed models: multiples of 1/32 in [-2, 2], hence exact in float16.</summary>
internal static class Values
{
    public static float[] Array(int count, int start = 0) => [.. Enumerable.Range(start, count).Select(i => (((i * 37) % 129) - 64) / 32f)];

    public static Tensor<float> Tensor(int start, params nint[] lengths) =>
        System.Numerics.Tensors.Tensor.Create(Array((int)TensorPrimitives.Product<nint>(lengths), start), lengths);
}
