using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Tests.Safetensors;

/// <summary>What a well-formed file says, however awkward it is.</summary>
public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_says_what_lies_where()
    {
        const string Header = """{"b":{"dtype":"F16","shape":[3],"data_offsets":[4,10]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""";

        SafetensorsFile file = Open(WrittenTensor.File(Header, new byte[10]));

        Assert.Equal(2, file.Tensors.Count);
        StoredTensor a = file.Tensors["a"];
        StoredTensor b = file.Tensors["b"];
        Assert.Equal((StoredType.Float32, 8 + Header.Length, 4), (a.Type, a.Offset, a.Length));
        Assert.Equal((StoredType.Float16, 8 + Header.Length + 4, 6), (b.Type, b.Offset, b.Length));
        Assert.Empty(a.Shape);
        Assert.Equal([3L], b.Shape);
        Assert.Equal("[3]", b.ShapeText);
        Assert.Equal(file.Path, b.Path);
    }

    [Fact]
    public void Spaces_may_follow_the_header_and_metadata_may_be_there()
    {
        SafetensorsFile file = Open(WrittenTensor.File("""{"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}      """, 7));

        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("a", Assert.Single(file.Tensors).Key);
    }

    [Fact]
    public void Tensors_may_be_empty_and_lie_in_any_order()
    {
        SafetensorsFile file = Open(WrittenTensor.File(
            """{"z":{"dtype":"I64","shape":[0,4],"data_offsets":[3,3]},"y":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"x":{"dtype":"F64","shape":[1,1],"data_offsets":[3,11]}}""",
            new byte[11]));

        Assert.Equal(["x", "y", "z"], file.Tensors.Keys.Order());
    }

    [Fact]
    public void A_file_without_tensors_is_one()
    {
        Assert.Empty(Open(WrittenTensor.File("{}")).Tensors);
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("U16", 2)]
    [InlineData("I16", 2)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("U32", 4)]
    [InlineData("I32", 4)]
    [InlineData("F32", 4)]
    [InlineData("U64", 8)]
    [InlineData("I64", 8)]
    [InlineData("F64", 8)]
    public void Elements_of_every_type_have_their_size(string type, int size)
    {
        SafetensorsFile file = Open(WrittenTensor.File(new WrittenTensor("a", type, [2, 3], new byte[6 * size])));

        Assert.Equal(6 * size, file.Tensors["a"].Length);
        Assert.Equal(type, StoredTypes.NameOf(file.Tensors["a"].Type));
    }

    private SafetensorsFile Open(byte[] bytes)
    {
        string path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, bytes);
        return SafetensorsFile.Open(path);
    }
}
