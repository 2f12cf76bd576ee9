using System.Text;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Tests.Safetensors;

/// <summary>Files that are broken or made to do harm are refused, and the error says what is wrong.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""[]""", 0, "does not begin with an object")]
    [InlineData(""" {}""", 0, "does not begin with an object")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{} x""", 0, "not valid JSON")]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON")]
    [InlineData("""{"a":[]}""", 0, "no 'dtype' for 'a'")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1, "no 'dtype' for 'a'")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}}""", 1, "no 'dtype' for 'a'")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,1]}}""", 1, "elements of 'F31'")]
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "elements of 'f32'")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "no 'shape' for 'a'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "no list of whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "no list of whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "no list of whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}""", 1, "no list of whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1, "'shape' of 17 numbers")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "larger than any file")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}""", 0, "larger than any file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}""", 3, "gives 'a' 3 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "gives 'a' 4 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "not inside of the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "not inside of the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "not inside of the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "not inside of the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", 1, "not inside of the file")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "gives bytes of 'b' to another tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2, "to another tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "leaves 1 bytes before 'a'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 3, "leaves the last 2 bytes")]
    [InlineData("""{}""", 1, "leaves the last 1 bytes")]
    [InlineData("""{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "name is empty")]
    [InlineData("""{"a\u0000b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "control character")]
    [InlineData("""{"a\nb":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "control character")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'a' is no text")]
    public void Headers_that_are_wrong(string header, int bytes, string expected)
    {
        ModelFormatException error = Refused(WrittenTensor.File(header, new byte[bytes]));

        Assert.Contains(expected, error.Problem, StringComparison.Ordinal);
        Assert.EndsWith("a.safetensors", error.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end()
    {
        Assert.Contains("not valid JSON", Refused(WrittenTensor.File(new string('[', 1_000_000))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_end()
    {
        Assert.Contains("longer than", Refused(WrittenTensor.File(new WrittenTensor(new string('a', 1_001), "U8", [1], [0]))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_are_no_text()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"abc":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""");
        header[3] = 0xFF;

        Assert.Contains("not valid JSON", Refused(WrittenTensor.File(header, [0])).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void Lengths_that_lie(ulong length)
    {
        Assert.Contains($"is to have {length} bytes", Refused([.. BitConverter.GetBytes(length), (byte)'{', (byte)'}']).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Files_that_were_cut_off(int length)
    {
        Assert.Contains("cut off", Refused(new byte[length]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Pointers_of_Git_LFS()
    {
        Assert.Contains("Git LFS", Refused("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"u8.ToArray()).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.bin")]
    [InlineData("a.ckpt")]
    [InlineData("a.PT")]
    [InlineData("a.pth")]
    public void Pickles_by_their_name(string name)
    {
        string path = _folder.Write(name, "");

        Assert.Contains("pickle", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 data.pkl")]
    [InlineData("\u0080\u0002}q\u0000\u0001\u0002")]
    public void Pickles_under_another_name(string start)
    {
        Assert.Contains("pickle", Refused(Encoding.Latin1.GetBytes(start + "            ")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_there()
    {
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(_folder.File("none.safetensors"))).Problem, StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(Path.Combine(_folder.Path, "none", "none.safetensors"))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders()
    {
        Directory.CreateDirectory(_folder.File("b.safetensors"));

        Assert.Contains("cannot be read", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(_folder.File("b.safetensors"))).Problem, StringComparison.Ordinal);
    }

    private ModelFormatException Refused(byte[] bytes)
    {
        string path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, bytes);
        return Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
    }
}
