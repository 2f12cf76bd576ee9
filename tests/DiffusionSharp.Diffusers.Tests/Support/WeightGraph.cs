using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Lora;
using DiffusionSharp.Diffusers.Safetensors;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>Asks ONNX Runtime for a weight as a network would get it, with a LoRA's changes.</summary>
internal sealed class WeightGraph(TemporaryFolder folder)
{
    /// <summary>Writes a LoRA file.</summary>
    public LoraFile Lora(string name, float scale, params WrittenTensor[] tensors) => Lora(name, scale, new Dictionary<string, string>(), tensors);

    /// <summary>Writes a LoRA file with metadata.</summary>
    public LoraFile Lora(string name, float scale, IReadOnlyDictionary<string, string> metadata, params WrittenTensor[] tensors)
    {
        string path = folder.File(name);
        File.WriteAllBytes(path, WrittenTensor.File(metadata, tensors));
        return new LoraFile(path, scale);
    }

    /// <summary>The weight of a module of a network that has these tensors.</summary>
    public float[] Changed(string network, string module, long[] shape, IReadOnlyList<WrittenTensor> tensors, params IReadOnlyList<LoraFile> files)
    {
        string path = folder.File("model.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(tensors));
        Checkpoint checkpoint = LoraAdapters.Apply(files, new Dictionary<string, Checkpoint> { [network] = Checkpoint.OpenFile(path) })[network];

        var graph = new Graph(path, path);
        graph.Output("weight", new Weights(graph, checkpoint)[module].Tensor("weight", shape), [.. shape.Select(extent => (object)extent)]);
        using InferenceSession session = graph.ToSource().Open(new SessionOptions());
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([]);
        return [.. results[0].AsTensor<float>()];
    }
}
