using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Reads what a model returned.</summary>
internal static class ModelOutput
{
    /// <summary>The first rows of a float output, copied.</summary>
    public static Tensor<float> Read(OrtValue value, string modelPath, string name, int rows)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        nint[] lengths = Array.ConvertAll(info.Shape, extent => (nint)extent);
        if (lengths.Length == 0 || lengths[0] < rows)
        {
            throw new ModelFormatException(modelPath, $"the output '{name}' has the shape [{string.Join(", ", lengths)}], expected {rows} rows.");
        }

        long elements = info.ElementCount / lengths[0] * rows;
        int length = elements <= Array.MaxLength
            ? (int)elements
            : throw new InsufficientMemoryException($"{modelPath}: the output '{name}' of the shape [{string.Join(", ", lengths)}] has more values than one tensor can hold: choose a smaller picture.");
        lengths[0] = rows;
        var values = new float[length];
        switch (info.ElementDataType)
        {
            case TensorElementType.Float:
                value.GetTensorDataAsSpan<float>()[..length].CopyTo(values);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()[..length]), values);
                break;
            default:
                throw new ModelFormatException(modelPath, $"the output '{name}' has the element type {info.ElementDataType}, expected float32 or float16.");
        }

        return Tensor.Create(values, lengths);
    }
}
