using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Diffusers.Tests.Graphs;

/// <summary>ONNX Runtime reads the weights of a graph in memory where they lie in a file.</summary>
public sealed class GraphTests : IDisposable
{
    private static readonly float[] Values = [0, 1, -2, 0.5f];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Types => ["F32", "F16", "BF16", "F64"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Weights_of_every_type_at_an_odd_place(string type)
    {
        string path = Write("a.safetensors", new WrittenTensor("odd", "U8", [3], [1, 2, 3]), new WrittenTensor("a", type, [2, 2], Bytes(type)));

        Assert.Equal(Values, Read(Checkpoint.OpenFile(path)));
    }

    [Fact]
    public void Weights_behind_links_that_lead_out_of_the_folder()
    {
        string blob = Write("blobs/0123abcd", WrittenTensor.Of("a", Values, 2, 2));
        string link = _folder.File("snapshots/main/unet/model.safetensors");
        try
        {
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }
        catch (UnauthorizedAccessException)
        {
            // Windows allows links to administrators only.
            return;
        }

        Assert.Equal(Values, Read(Checkpoint.Open(Path.GetDirectoryName(link)!, "model", null)));
    }

    [Fact]
    public void Weights_in_a_folder_whose_name_is_no_ascii()
    {
        string path = Write("Gewichte ü 重み/a b.safetensors", WrittenTensor.Of("a", Values, 2, 2));

        Assert.Equal(Values, Read(Checkpoint.OpenFile(path)));
    }

    [Fact]
    public void The_fingerprint_is_of_the_weights_and_the_graph_and_not_of_the_place()
    {
        string first = Write("first/a.safetensors", WrittenTensor.Of("a", Values, 2, 2));
        string copy = Write("copy/a.safetensors", WrittenTensor.Of("a", Values, 2, 2));
        string other = Write("other/a.safetensors", WrittenTensor.Of("a", [0, 1, -2, 0.25f], 2, 2));

        string fingerprint = ModelFingerprint.Of(Source(Checkpoint.OpenFile(first)));

        Assert.Equal(fingerprint, ModelFingerprint.Of(Source(Checkpoint.OpenFile(copy))));
        Assert.NotEqual(fingerprint, ModelFingerprint.Of(Source(Checkpoint.OpenFile(other))));
        Assert.NotEqual(fingerprint, ModelFingerprint.Of(Source(Checkpoint.OpenFile(first), twice: true)));
    }

    [Fact]
    public void Weights_that_are_missing_or_have_another_shape_or_type_are_refused_by_name()
    {
        var checkpoint = Checkpoint.OpenFile(Write("a.safetensors", WrittenTensor.Of("m.weight", Values, 2, 2), new WrittenTensor("i.weight", "I64", [1], new byte[8])));
        var weights = new Weights(new Graph(checkpoint.Path, checkpoint.Path), checkpoint);

        ModelFormatException missing = Assert.Throws<ModelFormatException>(() => weights["m"].Tensor("bias", 2));
        ModelFormatException shape = Assert.Throws<ModelFormatException>(() => weights["m"].Tensor("weight", 4, 1));
        ModelFormatException type = Assert.Throws<ModelFormatException>(() => weights["i"].Tensor("weight", 1));

        Assert.Contains("'m.bias' is missing", missing.Problem, StringComparison.Ordinal);
        Assert.Contains("'m.weight' has the shape [2, 2], but the configuration asks for [4, 1]", shape.Problem, StringComparison.Ordinal);
        Assert.Contains("'i.weight' has elements of I64", type.Problem, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string type) => type switch
    {
        "F32" => [.. Values.SelectMany(BitConverter.GetBytes)],
        "F16" => [.. Values.SelectMany(value => BitConverter.GetBytes((Half)value))],
        "BF16" => [.. Values.SelectMany(value => BitConverter.GetBytes(value)[2..])],
        _ => [.. Values.SelectMany(value => BitConverter.GetBytes((double)value))],
    };

    private static ModelSource Source(Checkpoint checkpoint, bool twice = false)
    {
        var graph = new Graph(checkpoint.Path, checkpoint.Path);
        Value value = new Weights(graph, checkpoint).Tensor("a", 2, 2);
        graph.Output("out", twice ? value + value : value, 2, 2);
        return graph.ToSource();
    }

    private static float[] Read(Checkpoint checkpoint)
    {
        using InferenceSession session = Source(checkpoint).Open(new SessionOptions());
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([]);
        return [.. results[0].AsTensor<float>()];
    }

    private string Write(string name, params WrittenTensor[] tensors)
    {
        File.WriteAllBytes(_folder.File(name), WrittenTensor.File(tensors));
        return _folder.File(name);
    }
}
