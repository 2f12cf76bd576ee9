using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Where a model is: in a file, or in memory.</summary>
internal sealed class ModelSource
{
    // The folder that a graph in memory names the files of its weights from.
    private const string WeightFolderKey = "session.model_external_initializers_file_folder_path";

    private readonly byte[]? _bytes;
    private readonly Func<byte[], string, byte[]>? _change;

    private ModelSource(string name, byte[]? bytes, Func<byte[], string, byte[]>? change = null) => (Name, _bytes, _change) = (name, bytes, change);

    /// <summary>The file, or what to name in errors.</summary>
    public string Name { get; }

    public static ModelSource File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return System.IO.File.Exists(path) ? new(path, null) : throw new ModelFormatException(path, "the model file is missing.");
    }

    public static ModelSource Bytes(byte[] model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, model);
    }

    /// <summary>A graph in memory whose weights lie in files.</summary>
    public static ModelSource Graph(byte[] graph, string name, ExternalWeights weights) => new(name, graph) { Weights = weights };

    /// <summary>The same graph, whose float32 weights are to stay in their files rather than be rearranged in memory.</summary>
    /// <param name="shaped">Faster graphs for single shapes of the sample; null for none.</param>
    public ModelSource Mapped(ShapedGraphs? shaped = null) => new(Name, _bytes, _change) { Weights = Weights, MapsWeights = true, Shaped = shaped };

    /// <summary>The same model with another graph, which is made whenever the model is loaded, and with its weights where they are.</summary>
    /// <param name="change">Makes the changed file of the file and of what to name in errors.</param>
    public ModelSource Changed(Func<byte[], string, byte[]> change) =>
        new(Name, _bytes, _change is { } before ? (model, name) => change(before(model, name), name) : change) { Weights = Weights, MapsWeights = MapsWeights, Shaped = Shaped };

    /// <summary>Where the weights of a graph in memory lie; null where they are inside of it or beside it.</summary>
    public ExternalWeights? Weights { get; private init; }

    /// <summary>Whether float32 weights are to stay where they lie.</summary>
    public bool MapsWeights { get; private init; }

    /// <summary>Graphs of the same model that are faster and take one shape of the sample each; null where there are none.</summary>
    public ShapedGraphs? Shaped { get; private init; }

    /// <summary>The model itself where it is in memory; null where it is in a file.</summary>
    public ReadOnlyMemory<byte>? InMemory => _bytes is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(_bytes);

    public InferenceSession Open(SessionOptions options)
    {
        if (_bytes is null && _change is null)
        {
            return new InferenceSession(Name, options);
        }

        string? folder = _bytes is null ? Path.GetDirectoryName(Path.GetFullPath(Name)) : Weights?.Root;
        if (folder is not null)
        {
            options.AddSessionConfigEntry(WeightFolderKey, folder);
        }

        byte[] model = _bytes ?? System.IO.File.ReadAllBytes(Name);
        return new InferenceSession(_change?.Invoke(model, Name) ?? model, options);
    }
}
