using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>
/// Memory of one model input or output in the model's own element type, seen by the library as float32. Of float32 it is one and the
/// same memory; other types are converted when <see cref="Upload"/> or <see cref="Download"/> is called.
/// </summary>
internal sealed class ModelBuffer : IDisposable
{
    private readonly Array _native;
    private readonly float[] _floats;
    private readonly long[] _shape;
    private readonly OrtValue _host;
    private readonly DeviceMemory? _device;
    private readonly nint _hostAddress;
    private readonly nint _deviceAddress;
    private readonly long _bytes;

    /// <param name="info">The input or output.</param>
    /// <param name="modelPath">The model, to name it in errors.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="device">Where the model reads or writes it; null where that is the host's memory.</param>
    public ModelBuffer(OnnxTensorInfo info, string modelPath, long[] shape, DeviceMemory? device = null)
    {
        int length = LengthOf(info, modelPath, shape);
        _shape = shape;
        (_native, _host) = info.ElementType switch
        {
            TensorElementType.Float => Pin(new float[length], shape),
            TensorElementType.Float16 => Pin(new Float16[length], shape),
            TensorElementType.Double => Pin(new double[length], shape),
            TensorElementType.Int64 => Pin(new long[length], shape),
            TensorElementType.Int32 => Pin(new int[length], shape),
            TensorElementType.Bool => Pin(new bool[length], shape),
            TensorElementType.BFloat16 => Pin(new BFloat16[length], shape),
            _ => throw new ModelFormatException(modelPath, $"'{info.Name}' has the element type {info.ElementType}; known are float32, float16, bfloat16, float64, int64, int32 and bool."),
        };
        _floats = _native as float[] ?? new float[length];
        Value = _host;
        if (device is null || length == 0)
        {
            return;
        }

        try
        {
            _device = device;
            Value = device.Allocate(info.ElementType, shape);
            (_hostAddress, _deviceAddress) = (DeviceMemory.AddressOf(_host), DeviceMemory.AddressOf(Value));
            _bytes = _host.GetTensorSizeInBytes();
        }
        catch
        {
            _host.Dispose();
            throw;
        }
    }

    /// <summary>What ONNX Runtime binds.</summary>
    public OrtValue Value { get; }

    /// <summary>The values as float32.</summary>
    public Span<float> Floats => _floats;

    /// <summary>Whether the buffer has a shape.</summary>
    public bool HasShape(ReadOnlySpan<long> shape) => shape.SequenceEqual(_shape);

    /// <summary>Brings what was written to <see cref="Floats"/> into the model's element type; whole numbers are cut, not rounded.</summary>
    public void Upload()
    {
        switch (_native)
        {
            case Float16[] halves:
                TensorPrimitives.ConvertToHalf(_floats, MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
                break;
            case double[] doubles:
                TensorPrimitives.ConvertTruncating<float, double>(_floats, doubles);
                break;
            case long[] longs:
                TensorPrimitives.ConvertTruncating<float, long>(_floats, longs);
                break;
            case int[] ints:
                TensorPrimitives.ConvertTruncating<float, int>(_floats, ints);
                break;
            case bool[] flags:
                for (int i = 0; i < flags.Length; i++)
                {
                    flags[i] = _floats[i] != 0;
                }

                break;
            case BFloat16[] brains:
                for (int i = 0; i < brains.Length; i++)
                {
                    brains[i] = (BFloat16)_floats[i];
                }

                break;
        }

        CopyToDevice();
    }

    /// <summary>Brings what the model wrote into <see cref="Floats"/>.</summary>
    public void Download()
    {
        _device?.Copy(_deviceAddress, _hostAddress, _bytes);
        switch (_native)
        {
            case Float16[] halves:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()), _floats);
                break;
            case double[] doubles:
                TensorPrimitives.ConvertTruncating<double, float>(doubles, _floats);
                break;
            case BFloat16[] brains:
                for (int i = 0; i < brains.Length; i++)
                {
                    _floats[i] = (float)brains[i];
                }

                break;
        }
    }

    /// <summary>Sets every value to one number, in full precision of the model's element type.</summary>
    public void Fill(double value)
    {
        _floats.AsSpan().Fill((float)value);
        if (_native is double[] doubles)
        {
            doubles.AsSpan().Fill(value);
            CopyToDevice();
        }
        else
        {
            Upload();
        }
    }

    /// <summary>Writes numbers in full precision of the model's element type.</summary>
    public void Write(ReadOnlySpan<double> values)
    {
        TensorPrimitives.ConvertTruncating<double, float>(values, _floats);
        if (_native is double[] doubles)
        {
            values.CopyTo(doubles);
            CopyToDevice();
        }
        else
        {
            Upload();
        }
    }

    /// <summary>Writes whole numbers, from a position on, without a detour through float32.</summary>
    public void Write(int start, ReadOnlySpan<long> values)
    {
        switch (_native)
        {
            case long[] longs:
                values.CopyTo(longs.AsSpan(start));
                CopyToDevice();
                break;
            case int[] ints:
                TensorPrimitives.ConvertChecked<long, int>(values, ints.AsSpan(start));
                CopyToDevice();
                break;
            default:
                TensorPrimitives.ConvertTruncating<long, float>(values, _floats.AsSpan(start));
                Upload();
                break;
        }
    }

    public void Dispose()
    {
        if (Value != _host)
        {
            Value.Dispose();
        }

        _host.Dispose();
    }

    private void CopyToDevice() => _device?.Copy(_hostAddress, _deviceAddress, _bytes);

    private static int LengthOf(OnnxTensorInfo info, string modelPath, long[] shape)
    {
        Int128 length = 1;
        foreach (long extent in shape)
        {
            length *= extent;
        }

        return length <= Array.MaxLength
            ? (int)length
            : throw new InsufficientMemoryException($"{modelPath}: '{info.Name}' of the shape [{string.Join(", ", shape)}] has more values than one buffer can hold: choose a smaller picture or batch.");
    }

    private static (Array Native, OrtValue Value) Pin<T>(T[] native, long[] shape)
        where T : unmanaged =>
        (native, OrtValue.CreateTensorValueFromMemory(native, shape));
}
