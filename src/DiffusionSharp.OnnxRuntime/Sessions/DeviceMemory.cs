using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>
/// Memory of a device in which a session's inputs and outputs stay where they are while the library copies into and out of them: binding host
/// memory anew for each step would allocate and move them.
/// </summary>
internal abstract unsafe class DeviceMemory(InferenceSession session, OrtMemoryInfo place) : IDisposable
{
    private readonly OrtAllocator _allocator = new(session, place);

    /// <summary>What ONNX Runtime calls this memory.</summary>
    public OrtMemoryInfo Place { get; } = place;

    /// <summary>A tensor in this memory.</summary>
    public OrtValue Allocate(TensorElementType type, long[] shape) => OrtValue.CreateAllocatedTensorValue(_allocator, type, shape);

    /// <summary>The address of a tensor's first value, in whatever memory it is; not to be read here.</summary>
    public static nint AddressOf(OrtValue value) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value.GetTensorMutableRawData()));

    /// <summary>Copies between the host and this memory, in either direction, and returns when it is done. Allocates nothing.</summary>
    public abstract void Copy(nint from, nint to, long bytes);

    public void Dispose() => _allocator.Dispose();
}
