namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Turns the many ways in which a missing native library shows into one readable error.</summary>
internal static class NativeRuntime
{
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (IsMissing(e))
        {
            throw new DllNotFoundException(
                "The native ONNX Runtime library was not found. Add a package that brings it to the app: Microsoft.ML.OnnxRuntime (CPU), Microsoft.ML.OnnxRuntime.Gpu (CUDA, TensorRT) or Microsoft.ML.OnnxRuntime.DirectML.",
                e);
        }
    }

    private static bool IsMissing(Exception e) =>
        e is DllNotFoundException || (e is TypeInitializationException && e.InnerException is { } inner && IsMissing(inner));
}
