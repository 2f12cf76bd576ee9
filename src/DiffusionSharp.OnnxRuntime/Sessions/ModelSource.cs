using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Where a model is: in a file, or in memory.</summary>
internal sealed class ModelSource
{
    private readonly byte[]? _bytes;

    private ModelSource(string name, byte[]? bytes) => (Name, _bytes) = (name, bytes);

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

    /// <summary>The model itself where it is in memory; null where it is in a file.</summary>
    public ReadOnlyMemory<byte>? InMemory => _bytes;

    public InferenceSession Open(SessionOptions options) => _bytes is null ? new InferenceSession(Name, options) : new InferenceSession(_bytes, options);
}
