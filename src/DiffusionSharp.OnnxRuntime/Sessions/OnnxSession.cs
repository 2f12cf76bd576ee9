using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>A model file with its inputs and outputs by name, loaded as long as its <see cref="SessionLifetime"/> says. Safe for concurrent use.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly ModelSource _source;
    private readonly OnnxOptions _options;
    private readonly HeldSessions _sessions = new();
    private readonly Lock _lock = new();

    // Held while a session is loaded, which takes long: whoever waits for it can be stopped, and sessions that are there can be had and given back meanwhile.
    private readonly SemaphoreSlim _loading = new(1);
    private string? _fingerprint;
    private volatile bool _disposed;

    private OnnxSession(ModelSource source, OnnxOptions options, LoadedSession session)
    {
        _source = source;
        _options = options;
        Inputs = Describe(session.Session.InputMetadata);
        Outputs = Describe(session.Session.OutputMetadata);
        _sessions.Add([], session);
        UnloadUnlessNeeded();
    }

    /// <summary>The model file, or what to name in errors.</summary>
    public string Path => _source.Name;

    /// <summary>How the model is executed.</summary>
    public OnnxOptions Options => _options;

    /// <summary>Tells these weights from others.</summary>
    public string Fingerprint => _fingerprint ??= ModelFingerprint.Of(_source);

    /// <summary>Whether the model is in memory now.</summary>
    public bool IsLoaded
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Has([]);
            }
        }
    }

    public IReadOnlyDictionary<string, OnnxTensorInfo> Inputs { get; }

    public IReadOnlyDictionary<string, OnnxTensorInfo> Outputs { get; }

    public static OnnxSession Load(ModelSource source, OnnxOptions? options, CancellationToken cancellationToken = default)
    {
        options ??= new OnnxOptions();
        LoadedSession session = SessionOpening.Open(source, options, cancellationToken);
        try
        {
            return new OnnxSession(source, options, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
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
    /// <exception cref="OperationCanceledException">The token was cancelled while it was loaded, here or for somebody else.</exception>
    public SessionLease Acquire(CancellationToken cancellationToken) => Acquire([], cancellationToken);

    /// <summary>The same for samples of one shape, for which the model may have a graph of its own; an empty one for samples of any.</summary>
    public SessionLease Acquire(ReadOnlySpan<long> sampleShape, CancellationToken cancellationToken)
    {
        sampleShape = _source.Shaped is null ? [] : sampleShape;
        if (Find(sampleShape) is { } there)
        {
            return there;
        }

        _loading.Wait(cancellationToken);
        try
        {
            // Somebody else may have loaded it meanwhile.
            return Find(sampleShape) ?? LoadShaped(sampleShape, cancellationToken) ?? Find([]) ?? Keep([], SessionOpening.Open(_source, _options, cancellationToken));
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Release(LoadedSession session)
    {
        lock (_lock)
        {
            _sessions.Release(session);
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

    private SessionLease? Find(ReadOnlySpan<long> shape)
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            return _sessions.Acquire(shape) is { } session ? new SessionLease(this, session) : null;
        }
    }

    // Null where the shape has no graph of its own, or as many as are kept are in use for others.
    private SessionLease? LoadShaped(ReadOnlySpan<long> shape, CancellationToken cancellationToken)
    {
        if (shape.IsEmpty || _source.Shaped is not { } graphs || !HasRoom(graphs.Kept))
        {
            return null;
        }

        return graphs.Of(shape.ToArray(), cancellationToken) is { } source ? Keep(shape, SessionOpening.Open(source, _options, cancellationToken)) : null;
    }

    private bool HasRoom(int kept)
    {
        lock (_lock)
        {
            return _sessions.MakeRoom(kept);
        }
    }

    private SessionLease Keep(ReadOnlySpan<long> shape, LoadedSession session)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _sessions.Add(shape, session);
                return new SessionLease(this, _sessions.Acquire(shape)!);
            }
        }

        session.Dispose();
        throw new ObjectDisposedException(GetType().FullName);
    }

    private void UnloadUnlessNeeded()
    {
        if (_disposed || _options.Lifetime == SessionLifetime.UnloadAfterUse)
        {
            _sessions.Unload();
        }
    }
}
