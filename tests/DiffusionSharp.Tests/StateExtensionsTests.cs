namespace DiffusionSharp.Tests;

public class StateExtensionsTests
{
    [Fact]
    public void Numbers_are_written_little_endian_without_their_count_and_read_back()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.WriteAll([1f, -0f, float.NaN]);
        writer.WriteAll([1.0, double.NegativeInfinity]);
        writer.Flush();

        Assert.Equal((3 * 4) + (2 * 8), stream.Length);
        Assert.Equal([0, 0, 0x80, 0x3F], stream.ToArray()[..4]);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        (float[] singles, double[] doubles) = (new float[3], new double[2]);
        reader.ReadAll(singles);
        reader.ReadAll(doubles);
        Assert.Equal([1f, -0f, float.NaN], singles);
        Assert.True(float.IsNegative(singles[1]));
        Assert.Equal([1, double.NegativeInfinity], doubles);
    }

    [Fact]
    public void Too_few_numbers_are_an_error()
    {
        using var reader = new BinaryReader(new MemoryStream(new byte[7]));
        Assert.Throws<EndOfStreamException>(() => reader.ReadAll(new float[2]));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var values = new float[1000];
        var stream = new MemoryStream(4 * values.Length);
        using var writer = new BinaryWriter(stream);
        using var reader = new BinaryReader(stream);
        Assert.Equal(0, AllocatedBytes.LeastOf(4, () =>
        {
            stream.Position = 0;
            writer.WriteAll(values);
            stream.Position = 0;
            reader.ReadAll(values);
        }));
    }
}
