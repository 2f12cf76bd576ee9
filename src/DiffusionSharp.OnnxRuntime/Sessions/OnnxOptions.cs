using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>How ONNX models are executed. Graph optimisation is always on.</summary>
public sealed record OnnxOptions
{
    private readonly int _deviceId;
    private readonly int _threads;

    /// <summary>What executes the models. The processor by default.</summary>
    public ExecutionProvider Provider { get; init; }

    /// <summary>Which device of the provider, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int DeviceId
    {
        get => _deviceId;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _deviceId = value;
        }
    }

    /// <summary>Whether to use the processor where <see cref="Provider"/> is not available, instead of failing. False by default.</summary>
    public bool FallBackToCpu { get; init; }

    /// <summary>Threads within one operator; 0, the default, is one per physical core.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _threads = value;
        }
    }

    /// <summary>How long a model stays in memory. Until its part is disposed by default.</summary>
    public SessionLifetime Lifetime { get; init; }

    /// <summary>
    /// Whether threads wait for the next operator by spinning, which is faster on a processor of one's own and slower on one that is shared
    /// with other work. True by default.
    /// </summary>
    public bool Spinning { get; init; } = true;

    /// <summary>
    /// Whether the processor's memory for a run is planned as one block from the second run of a shape on. False by default: it saves about
    /// 2 % of the time of a small model, and takes the activations' memory, gigabytes for a large one, once more. Without effect on other providers.
    /// </summary>
    public bool MemoryPattern { get; init; }

    /// <summary>Called with the options of each session before it is created, for settings that this record does not have.</summary>
    public Action<SessionOptions>? Configure { get; init; }

    /// <summary>Makes the options of each session in place of everything above but <see cref="Lifetime"/>; disposed after use.</summary>
    public Func<SessionOptions>? CreateSessionOptions { get; init; }
}
