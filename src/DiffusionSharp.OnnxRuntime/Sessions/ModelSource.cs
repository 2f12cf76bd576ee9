using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Where a model is: in a file, or in memory.</summary>
internal sealed class ModelSource
{
    // The folder that a graph in memory names the files of its weights from.
    private const string WeightFolderKey = "session.model_external_initializers_file_folder_path";

    private readonly byte[]? _bytes;

    private ModelSource(string name, byte[]? bytes, ExternalWeights? weights = null) => (Name, _bytes, Weights) = (name, bytes, weights);

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
    public static ModelSource Graph(byte[] graph, string name, ExternalWeights weights) => new(name, graph, weights);

    /// <summary>Where the weights of a graph in memory lie; null where they are inside of it or beside it.</summary>
    public ExternalWeights? Weights { get; }

    /// <summary>The model itself where it is in memory; null where it is in a file.</summary>
    public ReadOnlyMemory<byte>? InMemory => _bytes is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(_bytes);

    public InferenceSession Open(SessionOptions options)
    {
        if (Weights is { } weights)
        {
            options.AddSessionConfigEntry(WeightFolderKey, weights.Root);
        }

        return _bytes is null ? new InferenceSession(Name, options) : new InferenceSession(_bytes, options);
    }
}
