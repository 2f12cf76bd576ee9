using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

public class LoadMaskTests
{
    [Theory]
    [InlineData(0.5f, 128)] // 127 / 255 is less than a half
    [InlineData(1f, 255)]
    [InlineData(0.2f, 51)] // 51 / 255 is 0.2 in float32, too
    [InlineData(1e-6f, 1)]
    public void Pixels_from_the_threshold_on_are_repainted(float threshold, int first)
    {
        byte[] ramp = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Tensor<float> mask = Load(PngBytes.Write(16, 16, 1, ramp), 16, 16, threshold);
        Assert.Equal([1, 1, 16, 16], mask.Lengths.ToArray());
        Assert.Equal(Enumerable.Range(0, 256).Select(i => i >= first ? 1f : 0f), mask.Values().ToArray());
    }

    [Theory]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 150)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(12, 200, 99, 132)]
    public void Colors_are_as_bright_as_PIL_finds_them(byte red, byte green, byte blue, int brightness)
    {
        // Expected: PIL 9.4, Image.new("RGB", (1, 1), color).convert("L").
        byte[] png = PngBytes.Write(1, 1, 3, [red, green, blue]);
        Assert.Equal(1, Load(png, 1, 1, brightness / 255f).Values()[0]);
        Assert.Equal(0, Load(png, 1, 1, MathF.BitIncrement(brightness / 255f)).Values()[0]);
    }

    [Theory]
    [InlineData(MaskChannel.Brightness, new float[] { 1, 0, 0, 0 })]
    [InlineData(MaskChannel.Opacity, new float[] { 1, 1, 0, 0 })]
    [InlineData(MaskChannel.Transparency, new float[] { 0, 0, 1, 1 })]
    public void The_channel_says_where_to_repaint(MaskChannel channel, float[] expected)
    {
        // White, black, transparent white, transparent black.
        byte[] png = PngBytes.Write(4, 1, 4, [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0]);
        Assert.Equal(expected, Load(png, 4, 1, 0.5f, channel).Values().ToArray());
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(64, 64)]
    [InlineData(20, 20)]
    public void Scaled_masks_keep_sharp_edges_in_place(int width, int height)
    {
        byte[] half = [.. Enumerable.Range(0, 16 * 16).Select(i => (byte)(i % 16 < 8 ? 255 : 0))];
        float[] mask = Load(PngBytes.Write(16, 16, 1, half), width, height).Values().ToArray();
        Assert.Equal(Enumerable.Range(0, width * height).Select(i => i % width < width / 2 ? 1f : 0f), mask);
    }

    [Fact]
    public void A_mask_is_cut_as_its_picture_is()
    {
        byte[] thirds = [.. Enumerable.Range(0, 60 * 20).Select(i => (byte)(i % 60 is >= 20 and < 40 ? 255 : 0))];
        Assert.DoesNotContain(0f, Load(PngBytes.Write(60, 20, 1, thirds), 20, 20).Values().ToArray());
    }

    [Fact]
    public void Impossible_masks_are_refused()
    {
        byte[] png = PngBytes.Write(1, 1, 1, [0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 1, 1, 1.01f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 1, 1, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(png, 1, 1, 0.5f, (MaskChannel)3));
        Assert.Throws<InvalidDataException>(() => Load([], 1, 1));
    }

    private static Tensor<float> Load(byte[] file, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness)
    {
        using var stream = new MemoryStream(file);
        return ImageTensors.LoadMask(stream, width, height, threshold, channel);
    }
}
