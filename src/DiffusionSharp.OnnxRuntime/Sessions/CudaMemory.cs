using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>
/// Memory of an NVIDIA GPU. Copies go through the CUDA runtime that ONNX Runtime's provider has loaded already, because ONNX Runtime itself offers
/// none for this provider (<c>OrtEnv.CopyTensors</c> knows only providers that are registered as libraries).
/// </summary>
internal sealed unsafe class CudaMemory(InferenceSession session, OrtMemoryInfo place, string modelPath) : DeviceMemory(session, place)
{
    /// <summary>What ONNX Runtime calls this memory.</summary>
    public const string Name = "Cuda";

    private const int EitherWay = 4;

    private static readonly string[] Libraries = ["libcudart.so.13", "libcudart.so.12", "cudart64_13.dll", "cudart64_12.dll"];
    private static readonly Lazy<nint> Runtime = new(LoadRuntime);

    private readonly int _device = place.Id;
    private readonly delegate* unmanaged<int, int> _setDevice = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(Runtime.Value, "cudaSetDevice");
    private readonly delegate* unmanaged<nint, nint, nuint, int, int> _copy = (delegate* unmanaged<nint, nint, nuint, int, int>)NativeLibrary.GetExport(Runtime.Value, "cudaMemcpy");
    private readonly delegate* unmanaged<nint, int> _synchronize = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(Runtime.Value, "cudaStreamSynchronize");

    public override void Copy(nint from, nint to, long bytes)
    {
        int error = _setDevice(_device);
        error = error == 0 ? _copy(to, from, (nuint)bytes, EitherWay) : error;

        // From pageable memory a copy may return while its last part is still under way, and ONNX Runtime's streams do not wait for it.
        error = error == 0 ? _synchronize(0) : error;
        if (error != 0)
        {
            throw new ModelExecutionException(modelPath, $"the CUDA runtime failed to copy {bytes} bytes to or from the device (error {error}).");
        }
    }

    private static nint LoadRuntime()
    {
        foreach (string library in Libraries)
        {
            if (NativeLibrary.TryLoad(library, out nint handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException($"The CUDA runtime was not found; tried {string.Join(", ", Libraries)}.");
    }
}
