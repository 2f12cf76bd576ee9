using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>A model file with its inputs and outputs by name, loaded as long as its <see cref="SessionLifetime"/> says. Safe for concurrent use.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly OnnxOptions _options;
    private readonly Lock _lock = new();
    private InferenceSession? _session;
    private int _leases;
    private volatile bool _disposed;

    private OnnxSession(string path, OnnxOptions options, InferenceSession session)
    {
        Path = path;
        _options = options;
        _session = session;
        Inputs = Describe(session.InputMetadata);
        Outputs = Describe(session.OutputMetadata);
        UnloadUnlessNeeded();
    }

    /// <summary>The model file.</summary>
    public string Path { get; }

    /// <summary>Whether the processor alone executes the model, so that bound input buffers are read in place.</summary>
    public bool IsOnCpu => _options.CreateSessionOptions is null && _options.Configure is null && _options.Provider == ExecutionProvider.Cpu;

    /// <summary>Whether the model is in memory now.</summary>
    public bool IsLoaded
    {
        get
        {
            lock (_lock)
            {
                return _session is not null;
            }
        }
    }

    public IReadOnlyDictionary<string, OnnxTensorInfo> Inputs { get; }

    public IReadOnlyDictionary<string, OnnxTensorInfo> Outputs { get; }

    public static OnnxSession Load(string path, OnnxOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new ModelFormatException(path, "the model file is missing.");
        }

        options ??= new OnnxOptions();
        return new OnnxSession(path, options, Open(path, options));
    }

    /// <summary>The first of the given input names that the model has, or null.</summary>
    public OnnxTensorInfo? FindInput(params ReadOnlySpan<string> names) => Find(Inputs, names);

    /// <summary>The first of the given input names that the model has.</summary>
    public OnnxTensorInfo RequireInput(params ReadOnlySpan<string> names) => Require(Inputs, "input", names);

    /// <summary>The first of the given output names that the model has, or null.</summary>
    public OnnxTensorInfo? FindOutput(params ReadOnlySpan<string> names) => Find(Outputs, names);

    /// <summary>The first of the given output names that the model has.</summary>
    public OnnxTensorInfo RequireOutput(params ReadOnlySpan<string> names) => Require(Outputs, "output", names);

    /// <summary>Loads the model where it is not, and keeps it until the lease is disposed.</summary>
    public SessionLease Acquire()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _session ??= Open(Path, _options);
            _leases++;
            return new SessionLease(this, _session);
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _leases--;
            UnloadUnlessNeeded();
        }
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>Refuses further runs; the model is freed with its last lease.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            UnloadUnlessNeeded();
        }
    }

    private static InferenceSession Open(string path, OnnxOptions options) => NativeRuntime.Call(() =>
    {
        using SessionOptions sessionOptions = SessionOptionsFactory.Create(options);
        try
        {
            return new InferenceSession(path, sessionOptions);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException(path, $"ONNX Runtime cannot load the model: {e.Message}", e);
        }
    });

    private static Dictionary<string, OnnxTensorInfo> Describe(IReadOnlyDictionary<string, NodeMetadata> metadata)
    {
        var tensors = new Dictionary<string, OnnxTensorInfo>(StringComparer.Ordinal);
        foreach ((string name, NodeMetadata node) in metadata)
        {
            if (node.IsTensor)
            {
                tensors[name] = new OnnxTensorInfo(name, node.ElementDataType, node.Dimensions);
            }
        }

        return tensors;
    }

    private static OnnxTensorInfo? Find(IReadOnlyDictionary<string, OnnxTensorInfo> tensors, ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (tensors.TryGetValue(name, out OnnxTensorInfo? found))
            {
                return found;
            }
        }

        return null;
    }

    private OnnxTensorInfo Require(IReadOnlyDictionary<string, OnnxTensorInfo> tensors, string what, ReadOnlySpan<string> names) =>
        Find(tensors, names)
        ?? throw new ModelFormatException(Path, $"expected an {what} named {string.Join(" or ", names.ToArray().Select(n => $"'{n}'"))}, found {string.Join(", ", tensors.Keys.Select(n => $"'{n}'"))}.");

    private void UnloadUnlessNeeded()
    {
        if (_leases == 0 && (_disposed || _options.Lifetime == SessionLifetime.UnloadAfterUse))
        {
            _session?.Dispose();
            _session = null;
        }
    }
}
