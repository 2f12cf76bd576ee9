using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Safetensors;

/// <summary>Which files the weights of a component are taken from.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_file()
    {
        Write("model.safetensors", "a", "b");

        Assert.Equal(["a", "b"], Names(null));
    }

    [Fact]
    public void A_variant_where_there_is_one()
    {
        Write("model.safetensors", "full");
        Write("model.fp16.safetensors", "half");

        Assert.Equal(["full"], Names(null));
        Assert.Equal(["half"], Names("fp16"));
        Assert.Equal(["full"], Names("ema"));
    }

    [Fact]
    public void Several_files_with_an_index()
    {
        Write("model-00001-of-00002.safetensors", "a", "unused");
        Write("model-00002-of-00002.safetensors", "b");
        _folder.Write("model.safetensors.index.json", """{"metadata":{"total_size":8},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");

        Assert.Equal(["a", "b"], Names(null));
    }

    [Fact]
    public void The_index_of_a_variant()
    {
        Write("model.safetensors", "full");
        Write("model.fp16-00001-of-00001.safetensors", "half");
        _folder.Write("model.safetensors.index.fp16.json", """{"weight_map":{"half":"model.fp16-00001-of-00001.safetensors"}}""");

        Assert.Equal(["half"], Names("fp16"));
    }

    [Theory]
    [InlineData("""{}""", "'weight_map' is missing")]
    [InlineData("""{"weight_map":[]}""", "'weight_map' is missing")]
    [InlineData("""{"weight_map":{"a":"../model.safetensors"}}""", "names '../model.safetensors'")]
    [InlineData("""{"weight_map":{"a":"/etc/model.safetensors"}}""", "names '/etc/model.safetensors'")]
    [InlineData("""{"weight_map":{"a":"..\\model.safetensors"}}""", "expected the name of a .safetensors file")]
    [InlineData("""{"weight_map":{"a":"C:model.safetensors"}}""", "expected the name of a .safetensors file")]
    [InlineData("""{"weight_map":{"a":"pytorch_model.bin"}}""", "names 'pytorch_model.bin'")]
    [InlineData("""{"weight_map":{"a":7}}""", "names ''")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "names ''")]
    [InlineData("""{"weight_map":{"a":"none.safetensors"}}""", "the file is missing")]
    [InlineData("""{"weight_map":{"c":"some.safetensors"}}""", "the tensor 'c', but it has not")]
    public void Indices_that_are_wrong(string index, string expected)
    {
        Write("some.safetensors", "a");
        _folder.Write("model.safetensors.index.json", index);

        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Names(null)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Pickles_are_refused_with_the_reason()
    {
        _folder.Write("pytorch_model.bin", "");

        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Names(null));

        Assert.EndsWith("pytorch_model.bin", error.Path, StringComparison.Ordinal);
        Assert.Contains("runs code", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_names_are_said()
    {
        Write("model.fp16.safetensors", "a");

        Assert.Contains("there is model.fp16.safetensors", Assert.Throws<ModelFormatException>(() => Names(null)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_all()
    {
        Assert.Contains("the file is missing", Assert.Throws<ModelFormatException>(() => Names(null)).Problem, StringComparison.Ordinal);
        Assert.Contains("folder is missing", Assert.Throws<ModelFormatException>(() => Checkpoint.Open(_folder.File("none"), "model", null)).Problem, StringComparison.Ordinal);
    }

    private IEnumerable<string> Names(string? variant) => Checkpoint.Open(_folder.Path, "model", variant).Tensors.Keys.Order(StringComparer.Ordinal);

    private void Write(string name, params string[] tensors) =>
        File.WriteAllBytes(_folder.File(name), WrittenTensor.File(tensors.Select(tensor => WrittenTensor.Of(tensor, [1], 1))));
}
