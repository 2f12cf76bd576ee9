using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Makes native session options for a provider.</summary>
internal static class SessionOptionsFactory
{
    // Every generation has buffers of its own, and a graph keeps the addresses of those that it was captured with.
    private static readonly string[] Graphs = ["enable_cuda_graph", "trt_cuda_graph_enable"];

    public static SessionOptions Create(OnnxOptions options, bool mapsWeights = false)
    {
        bool isOnCpu = options.Provider == ExecutionProvider.Cpu;
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = options.Threads == 0 && !isOnCpu ? 1 : options.Threads,
            EnableMemoryPattern = options.MemoryPattern && options.Provider != ExecutionProvider.DirectML,
        };
        try
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ?? isOnCpu ? "1" : "0");
            AppendProvider(session, options);
            if (mapsWeights)
            {
                // Optimisations beyond these, and the packing of weights for products, copy all weights.
                session.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
                session.AddSessionConfigEntry("session.disable_prepacking", "1");
            }

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
        Dictionary<string, string> settings = SettingsOf(options);
        switch (options.Provider)
        {
            case ExecutionProvider.Cpu:
                break;
            case ExecutionProvider.Cuda:
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    cuda.UpdateOptions(settings);
                    session.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case ExecutionProvider.TensorRt:
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    tensorRt.UpdateOptions(settings);
                    session.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                break;
            case ExecutionProvider.DirectML:
                session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                session.AppendExecutionProvider_DML(options.DeviceId);
                break;
            case ExecutionProvider.CoreML:
                session.AppendExecutionProvider("CoreML", settings);
                break;
            case ExecutionProvider.OpenVino:
                session.AppendExecutionProvider("OpenVINO", settings);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Unknown execution provider.");
        }
    }

    // The user's settings over those that differ from ONNX Runtime's, see OnnxOptions.ProviderOptions.
    private static Dictionary<string, string> SettingsOf(OnnxOptions options)
    {
        if (options.Provider is ExecutionProvider.Cpu or ExecutionProvider.DirectML && options.ProviderOptions.Count > 0)
        {
            throw new ArgumentException($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.ProviderOptions)} has {string.Join(", ", options.ProviderOptions.Keys.Select(key => $"'{key}'"))}, but the provider {options.Provider} takes no options.", nameof(options));
        }

        string deviceId = options.DeviceId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Dictionary<string, string> settings = options.Provider switch
        {
            ExecutionProvider.Cuda => new()
            {
                ["device_id"] = deviceId,
                ["cudnn_conv_algo_search"] = "HEURISTIC",
                ["arena_extend_strategy"] = "kSameAsRequested",
                ["use_tf32"] = options.TensorFloat32 ? "1" : "0",
            },
            ExecutionProvider.TensorRt => new() { ["device_id"] = deviceId },
            _ => [],
        };
        foreach ((string key, string value) in options.ProviderOptions)
        {
            if (Graphs.Contains(key) && value is not ("0" or "false" or "False"))
            {
                throw new NotSupportedException($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.ProviderOptions)}: '{key}' is not supported: a captured graph keeps the addresses of the first generation's buffers, and each generation has its own.");
            }

            settings[key] = value;
        }

        return settings;
    }
}
