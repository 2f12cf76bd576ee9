using System.Numerics.Tensors;
using System.Security.Cryptography;
using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Images;

public class ToImageTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1, 255)]
    [InlineData(0, 128)] // 127.5, a tie, goes to the even neighbour
    [InlineData(-0.0f, 128)]
    [InlineData(0.5, 191)] // 191.25
    [InlineData(-0.5, 64)] // 63.75
    [InlineData(1.0001, 255)]
    [InlineData(-1.0001, 0)]
    [InlineData(float.MaxValue, 255)]
    [InlineData(float.MinValue, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.Epsilon, 128)]
    public void A_value_becomes_the_nearest_byte(float value, byte expected) => Assert.Equal([expected], ToBytes([value]));

    // SHA-256 of the bytes that torch 1.13 and NumPy 1.24 compute as diffusers does: (x / 2 + 0.5).clamp(0, 1), then (x * 255).round().astype("uint8").
    [Fact]
    public void Every_upper_half_of_a_float_becomes_the_byte_that_torch_and_NumPy_make_of_it()
    {
        var values = new float[65536];
        for (uint i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle(i << 16);
        }

        Assert.Equal("d882372c5e64448ce31a67a02b6bf0bd597bff1d147a46c101bd66c09f0392eb", Hash(ToBytes(values)));
        Assert.Equal(Array.ConvertAll(values, Reference), ToBytes(values));
    }

    [Fact]
    public void Around_every_tie_between_two_bytes_values_become_the_byte_that_torch_and_NumPy_make_of_them()
    {
        var values = new List<float>();
        for (int i = 0; i < 255; i++)
        {
            int tie = BitConverter.SingleToInt32Bits((float)(((i + 0.5) / 255 * 2) - 1));
            for (int step = -8; step <= 8; step++)
            {
                values.Add(BitConverter.Int32BitsToSingle(tie + step));
            }
        }

        Assert.Equal("90e60b17736e4352abd782df18636a838549bd0a24a09f2e6f43192d608610f6", Hash(ToBytes([.. values])));
    }

    [Fact]
    public void Rows_of_every_width_are_packed_as_the_plain_loop_packs_them()
    {
        for (int width = 1; width <= 70; width++)
        {
            Tensor<float> pixels = Generated.Pixels(3, width);
            using Image<Rgb24> image = pixels.ToImage();
            Assert.Equal((width, 3), (image.Width, image.Height));
            Assert.Equal(Interleave(Flatten(pixels), 3 * width), Pixels.Of(image));
        }
    }

    [Fact]
    public void The_index_picks_a_picture_of_the_batch()
    {
        float[] first = Generated.Pixels(5, 20).Values().ToArray();
        float[] second = Array.ConvertAll(first, value => -value);
        Tensor<float> batch = Tensor.Create<float>([.. first, .. second], [2, 3, 5, 20]);
        using Image<Rgb24> image = batch.ToImage(1);
        Assert.Equal(Interleave(second, 100), Pixels.Of(image));
    }

    [Fact]
    public void A_tensor_without_a_batch_is_one_picture()
    {
        float[] values = Generated.Pixels(4, 18).Values().ToArray();
        using Image<Rgb24> image = Tensor.Create(values, [3, 4, 18]).ToImage();
        Assert.Equal(Interleave(values, 72), Pixels.Of(image));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void One_channel_is_gray(int rank)
    {
        float[] values = Generated.Pixels(4, 18, channels: 1).Values().ToArray();
        using Image<Rgb24> image = Tensor.Create(values, rank == 4 ? [1, 1, 4, 18] : [1, 4, 18]).ToImage();
        Assert.Equal(Interleave([.. values, .. values, .. values], 72), Pixels.Of(image));
    }

    [Fact]
    public void A_view_of_a_larger_tensor_is_read_where_it_lies()
    {
        Tensor<float> whole = Generated.Pixels(8, 40);
        Tensor<float> part = whole.Slice([0..1, 0..3, 2..6, 10..30]);
        using Image<Rgb24> image = part.ToImage();
        using Image<Rgb24> all = whole.ToImage();
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                Assert.Equal(all[x + 10, y + 2], image[x, y]);
            }
        }
    }

    [Fact]
    public void A_picture_becomes_a_tensor_and_the_same_picture_again()
    {
        // More than one block of ImageSharp's memory.
        using Image<Rgb24> image = Pixels.Random(1501, 1001);
        using Image<Rgb24> again = image.ToTensor().ToImage();
        Assert.True(Pixels.Of(image).AsSpan().SequenceEqual(Pixels.Of(again)));
    }

    [Fact]
    public void Rows_of_every_width_are_unpacked_as_the_plain_loop_unpacks_them()
    {
        for (int width = 1; width <= 70; width++)
        {
            using Image<Rgb24> image = Pixels.Random(width, 3);
            byte[] bytes = Pixels.Of(image);
            Assert.Equal(Enumerable.Range(0, 9 * width).Select(i => (2 * (bytes[(i % (3 * width) * 3) + (i / (3 * width))] / 255f)) - 1), Flatten(image.ToTensor()));
        }
    }

    // SHA-256 of NumPy's float32 values 2 * (byte / 255) - 1 for all bytes.
    [Fact]
    public void Every_byte_becomes_the_float_of_NumPy_and_the_same_byte_again()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)(255 - i), (byte)(i * 7) })];
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(bytes, 256, 1);
        Tensor<float> tensor = image.ToTensor();
        Assert.Equal([1, 3, 1, 256], tensor.Lengths.ToArray());
        Assert.Equal("d15e8ce72284446496a6de66e8a4795818530b44cd2c3dd415077364535c3c1a", Hash([.. Flatten(tensor)[..256].SelectMany(BitConverter.GetBytes)]));
        Assert.Equal((-1f, 1f), (tensor[0, 0, 0, 0], tensor[0, 0, 0, 255]));
        using Image<Rgb24> again = tensor.ToImage();
        Assert.Equal(bytes, Pixels.Of(again));
    }

    [Fact]
    public void A_tensor_is_drawn_over_a_picture_that_is_there_and_a_picture_written_into_a_batch_that_is_there()
    {
        Tensor<float> batch = Tensor.Create<float>([.. Flatten(Generated.Pixels(5, 20)), .. Flatten(Generated.Pixels(5, 20)).Select(value => -value)], [2, 3, 5, 20]);
        using Image<Rgb24> expected = batch.ToImage(1);
        using Image<Rgb24> image = Pixels.Random(20, 5);
        batch.WriteTo(image, 1);
        Assert.Equal(Pixels.Of(expected), Pixels.Of(image));

        var values = new float[2 * 3 * 5 * 20];
        image.WriteTo(values.AsMemory(300));
        Assert.Equal([.. new float[300], .. Flatten(image.ToTensor())], values);
    }

    [Fact]
    public void A_picture_or_memory_of_another_size_is_refused()
    {
        using var image = new Image<Rgb24>(8, 4);
        Assert.Contains("8x4", Assert.Throws<ArgumentException>(() => Generated.Pixels(8, 4).WriteTo(image)).Message, StringComparison.Ordinal);
        Assert.Contains("96", Assert.Throws<ArgumentException>(() => image.WriteTo(new float[95])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Generated.Pixels(4, 8).WriteTo(image, 1));
        Assert.Throws<ArgumentNullException>(() => Generated.Pixels(4, 8).WriteTo(null!));
        Assert.Throws<ArgumentNullException>(() => ((Image<Rgb24>)null!).WriteTo(new float[1]));
    }

    [Fact]
    public void Shapes_that_are_no_picture_are_refused()
    {
        foreach (nint[] shape in new nint[][] { [4, 4], [2, 4, 4], [1, 4, 8, 8], [1, 1, 3, 8, 8], [1, 3, 0, 8], [0, 3, 8, 8] })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.CreateFromShape<float>(shape).ToImage());
            Assert.Contains($"[{string.Join(", ", shape)}]", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>(() => ((Tensor<float>)null!).ToImage());
        Assert.Throws<ArgumentNullException>(() => ((Image<Rgb24>)null!).ToTensor());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void An_index_outside_of_the_batch_is_refused(int index)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.CreateFromShape<float>([2, 3, 8, 8]).ToImage(index));
        Assert.Contains("[0, 1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_beside_the_result()
    {
        const int Side = 256;
        const int Pixel = Side * Side;

        // A closure, a delegate and the objects around the result.
        const int Small = 4096;
        Tensor<float> pixels = Generated.Pixels(Side, Side);
        using Image<Rgb24> image = pixels.ToImage();

        Assert.InRange(AllocatedBytes.LeastOf(5, () => pixels.ToImage().Dispose()), 0, (3 * Pixel) + Small);
        Assert.InRange(AllocatedBytes.LeastOf(5, () => image.ToTensor()), 0, (3 * Pixel * sizeof(float)) + Small);
        Assert.InRange(AllocatedBytes.LeastOf(5, () => pixels.WriteTo(image)), 0, Small);
    }

    private static float[] Flatten(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private static byte Reference(float value)
    {
        float share = (value / 2) + 0.5f;
        share = float.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1);
        return (byte)MathF.Round(share * 255, MidpointRounding.ToEven);
    }

    private static byte[] Interleave(float[] planes, int plane) =>
        [.. Enumerable.Range(0, plane).SelectMany(i => new[] { Reference(planes[i]), Reference(planes[plane + i]), Reference(planes[(2 * plane) + i]) })];

    private static byte[] ToBytes(float[] values)
    {
        using Image<Rgb24> image = Tensor.Create(values, [1, 1, values.Length]).ToImage();
        return [.. Pixels.Of(image).Where((_, i) => i % 3 == 0)];
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
