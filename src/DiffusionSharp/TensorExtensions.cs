using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DiffusionSharp;

/// <summary>What parts need to read and check tensors.</summary>
public static class TensorExtensions
{
    /// <summary>The values in row-major order, without a copy when the tensor is dense.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">A tensor of any shape.</param>
    /// <returns>All values; of a dense tensor they are its own memory, so writing to it shows here.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    public static ReadOnlySpan<T> Values<T>(this Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.FlattenedLength == 0)
        {
            return [];
        }

        // Not GetSpan, which refuses tensors whose last dimension has one entry, nor the pinnable reference, which is not where a slice starts.
        Tensor<T> dense = tensor.IsDense ? tensor : tensor.ToDenseTensor();
        Span<nint> start = stackalloc nint[dense.Rank];
        start.Clear();
        return MemoryMarshal.CreateReadOnlySpan(in dense[start], checked((int)dense.FlattenedLength));
    }

    /// <summary>The shape as text, for example <c>[1, 4, 64, 64]</c>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">A tensor of any shape.</param>
    /// <returns>The extents in brackets.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    public static string ShapeText<T>(this Tensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return $"[{string.Join(", ", tensor.Lengths.ToArray())}]";
    }

    /// <summary>Rows <paramref name="start"/> to <c>start + count</c> along the first dimension, as a tensor of its own memory.</summary>
    internal static Tensor<T> Rows<T>(this Tensor<T> tensor, int start, int count)
    {
        ReadOnlySpan<T> values = tensor.Values();
        int row = values.Length / (int)tensor.Lengths[0];
        nint[] lengths = tensor.Lengths.ToArray();
        lengths[0] = count;
        return Tensor.Create(values.Slice(start * row, count * row).ToArray(), lengths);
    }

    /// <summary>The row of one picture: the tensor itself where it has one row, which is for all.</summary>
    internal static Tensor<T> RowOf<T>(this Tensor<T> tensor, int index) => tensor.Lengths[0] == 1 ? tensor : tensor.Rows(index, 1);

    /// <summary>Stacks tensors along the first dimension.</summary>
    internal static Tensor<T> StackRows<T>(IReadOnlyList<Tensor<T>> tensors)
    {
        nint[] lengths = tensors[0].Lengths.ToArray();
        lengths[0] = 0;
        nint length = 0;
        foreach (Tensor<T> tensor in tensors)
        {
            if (!tensor.Lengths[1..].SequenceEqual(lengths.AsSpan(1)))
            {
                throw new ArgumentException($"Tensors of shapes {tensors[0].ShapeText()} and {tensor.ShapeText()} do not stack: they differ behind the first dimension.");
            }

            lengths[0] += tensor.Lengths[0];
            length += tensor.FlattenedLength;
        }

        var values = new T[length];
        int offset = 0;
        foreach (Tensor<T> tensor in tensors)
        {
            ReadOnlySpan<T> part = tensor.Values();
            part.CopyTo(values.AsSpan(offset));
            offset += part.Length;
        }

        return Tensor.Create(values, lengths);
    }
}
