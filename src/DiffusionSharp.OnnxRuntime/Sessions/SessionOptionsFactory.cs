using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Makes native session options, and says which package is missing where one is.</summary>
internal static class SessionOptionsFactory
{
    public static SessionOptions Create(OnnxOptions options)
    {
        if (options.CreateSessionOptions is { } create)
        {
            return create() ?? throw new InvalidOperationException($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.CreateSessionOptions)} returned null.");
        }

        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads,
        };
        try
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
            AppendProvider(session, options);
            options.Configure?.Invoke(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void AppendProvider(SessionOptions session, OnnxOptions options)
    {
        try
        {
            switch (options.Provider)
            {
                case ExecutionProvider.Cpu:
                    session.EnableMemoryPattern = options.MemoryPattern;
                    break;
                case ExecutionProvider.Cuda:
                    session.AppendExecutionProvider_CUDA(options.DeviceId);
                    break;
                case ExecutionProvider.TensorRt:
                    session.AppendExecutionProvider_Tensorrt(options.DeviceId);
                    break;
                case ExecutionProvider.DirectML:
                    // DirectML requires both, see its documentation.
                    session.EnableMemoryPattern = false;
                    session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                    session.AppendExecutionProvider_DML(options.DeviceId);
                    break;
                case ExecutionProvider.CoreML:
                    session.AppendExecutionProvider("CoreML");
                    break;
                case ExecutionProvider.OpenVino:
                    session.AppendExecutionProvider_OpenVINO();
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Unknown execution provider.");
            }
        }
        catch (Exception e) when (!options.FallBackToCpu && e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw new NotSupportedException(
                $"The execution provider {options.Provider} is not available here: add the package {PackageOf(options.Provider)} to the app and check its driver, or set {nameof(OnnxOptions.FallBackToCpu)}. ({e.Message})",
                e);
        }
        catch (Exception e) when (options.FallBackToCpu && e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            // Nothing was appended, so the processor executes the model.
        }
    }

    private static string PackageOf(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda or ExecutionProvider.TensorRt => "Microsoft.ML.OnnxRuntime.Gpu",
        ExecutionProvider.DirectML => "Microsoft.ML.OnnxRuntime.DirectML",
        ExecutionProvider.OpenVino => "Intel.ML.OnnxRuntime.OpenVino",
        _ => "Microsoft.ML.OnnxRuntime",
    };
}
