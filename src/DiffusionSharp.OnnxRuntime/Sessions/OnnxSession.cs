using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>A model file loaded into ONNX Runtime, with its inputs and outputs by name. Safe for concurrent runs.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private volatile bool _disposed;

    private OnnxSession(string path, InferenceSession session, bool onCpu)
    {
        Path = path;
        _session = session;
        IsOnCpu = onCpu;
        Inputs = Describe(session.InputMetadata);
        Outputs = Describe(session.OutputMetadata);
    }

    /// <summary>The model file.</summary>
    public string Path { get; }

    /// <summary>Whether the processor alone executes the model, so that bound input buffers are read in place.</summary>
    public bool IsOnCpu { get; }

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
        return NativeRuntime.Call(() =>
        {
            using SessionOptions sessionOptions = SessionOptionsFactory.Create(options);
            try
            {
                bool onCpu = options.CreateSessionOptions is null && options.Configure is null && options.Provider == ExecutionProvider.Cpu;
                return new OnnxSession(path, new InferenceSession(path, sessionOptions), onCpu);
            }
            catch (OnnxRuntimeException e)
            {
                throw new ModelFormatException(path, $"ONNX Runtime cannot load the model: {e.Message}", e);
            }
        });
    }

    /// <summary>The first of the given input names that the model has, or null.</summary>
    public OnnxTensorInfo? FindInput(params ReadOnlySpan<string> names) => Find(Inputs, names);

    /// <summary>The first of the given input names that the model has.</summary>
    public OnnxTensorInfo RequireInput(params ReadOnlySpan<string> names) => Require(Inputs, "input", names);

    /// <summary>The first of the given output names that the model has, or null.</summary>
    public OnnxTensorInfo? FindOutput(params ReadOnlySpan<string> names) => Find(Outputs, names);

    /// <summary>The first of the given output names that the model has.</summary>
    public OnnxTensorInfo RequireOutput(params ReadOnlySpan<string> names) => Require(Outputs, "output", names);

    public OrtIoBinding CreateBinding()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _session.CreateIoBinding();
    }

    /// <summary>Runs the model on bound buffers; allocates nothing on the managed heap.</summary>
    public void Run(OrtIoBinding binding, ModelRun run)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        run.ThrowIfCancelled();
        try
        {
            _session.RunWithBinding(run.Options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw Failed(e);
        }
    }

    /// <summary>Runs the model once with one input, whose output the runtime allocates.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<string> inputs, IReadOnlyList<OrtValue> values, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var run = new ModelRun(cancellationToken);
        run.ThrowIfCancelled();
        try
        {
            return _session.Run(run.Options, inputs, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw Failed(e);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _session.Dispose();
    }

    private ModelFormatException Failed(OnnxRuntimeException e) =>
        new(Path, $"ONNX Runtime failed to run the model, usually because of a shape that it does not take: {e.Message}", e);

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
}
