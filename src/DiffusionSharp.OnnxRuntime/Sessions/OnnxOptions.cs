using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>How ONNX models are executed. Graph optimisation is always on.</summary>
public sealed record OnnxOptions
{
    /// <summary>What executes the models. The processor by default.</summary>
    public ExecutionProvider Provider { get; init; }

    /// <summary>Which device of the provider, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int DeviceId
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Whether to use the processor where <see cref="Provider"/> is not available, instead of failing; then a warning says so to
    /// <see cref="LoggerFactory"/>. False by default.
    /// </summary>
    public bool FallBackToCpu { get; init; }

    /// <summary>
    /// Settings of the provider by ONNX Runtime's names, for example <c>gpu_mem_limit</c> of CUDA, in place of this library's, which for CUDA are
    /// <c>cudnn_conv_algo_search</c> HEURISTIC (convolutions are planned anew at every change of shape, which may take a second of a large model, and
    /// by ONNX Runtime's documentation longer where the search is exhaustive), <c>arena_extend_strategy</c> kSameAsRequested (memory does not grow by
    /// powers of two) and <c>use_tf32</c> as <see cref="TensorFloat32"/> says. For <see cref="ExecutionProvider.Cuda"/>,
    /// <see cref="ExecutionProvider.TensorRt"/>, <see cref="ExecutionProvider.CoreML"/> and <see cref="ExecutionProvider.OpenVino"/>. CUDA graphs
    /// are refused: they keep the addresses of the first generation.
    /// </summary>
    public IReadOnlyDictionary<string, string> ProviderOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether CUDA may round the factors of float32 products to 10 bits (TF32), which is faster and no longer full float32. False by default.
    /// Without it float16 convolutions are planned twice, and ONNX Runtime writes harmless errors that no execution plans support the graph.
    /// </summary>
    public bool TensorFloat32 { get; init; }

    /// <summary>Threads within one operator; 0, the default, is one per physical core on the processor, and a single one beside a device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>How long a model stays in memory. Until its part is disposed by default.</summary>
    public SessionLifetime Lifetime { get; init; }

    /// <summary>
    /// Whether threads wait for the next operator by spinning, which is faster on a processor of one's own and slower on one that is shared
    /// with other work. By default they do on the processor, and not beside a device.
    /// </summary>
    public bool? Spinning { get; init; }

    /// <summary>
    /// Whether memory for a run is planned as one block from the second run of a shape on. False by default: on the processor it saves about
    /// 2 % of the time of a small model, and takes the activations' memory, gigabytes for a large one, once more. DirectML has none.
    /// </summary>
    public bool MemoryPattern { get; init; }

    /// <summary>Called with the options of each session before it is created, for settings that this record does not have.</summary>
    public Action<SessionOptions>? Configure { get; init; }

    /// <summary>
    /// Makes the options of each session in place of everything above but <see cref="Lifetime"/>. They stay the caller's: one object may be
    /// returned for every session, and is not disposed. Called from several threads at a time while a folder is loaded.
    /// </summary>
    public Func<SessionOptions>? CreateSessionOptions { get; init; }

    /// <summary>Makes the logger that is told where the processor stands in for a device. Null, the default, for none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Memory that inputs and outputs lie in instead of that of the session's device, so that tests reach it without one.</summary>
    internal Func<InferenceSession, Sessions.DeviceMemory>? CreateDevice { get; init; }

    /// <summary>Whether a session runs one call at a time whatever its provider, so that tests reach the gate.</summary>
    internal bool OneRunAtATime { get; init; }
}
