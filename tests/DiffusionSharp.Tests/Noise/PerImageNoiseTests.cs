using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

public class PerImageNoiseTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(192)]
    public void Every_image_gets_the_noise_of_its_own_source(int imageLength)
    {
        ulong[] seeds = [3, 1, 4];
        var batch = new PerImageNoise([.. seeds.Select(seed => new TorchCpuNoise(seed))]);
        TorchCpuNoise[] alone = [.. seeds.Select(seed => new TorchCpuNoise(seed))];
        for (int draw = 0; draw < 3; draw++)
        {
            var actual = new float[seeds.Length * imageLength];
            batch.Fill(actual);
            for (int i = 0; i < seeds.Length; i++)
            {
                var expected = new float[imageLength];
                alone[i].Fill(expected);
                TorchRngVectors.AssertSameBits(expected, actual.AsSpan(i * imageLength, imageLength), $"draw {draw}, image {i}");
            }
        }
    }

    [Fact]
    public void A_length_that_the_images_cannot_share_draws_nothing()
    {
        var source = new TorchCpuNoise(0);
        var batch = new PerImageNoise(source, new TorchCpuNoise(1), new TorchCpuNoise(2));
        var exception = Assert.Throws<ArgumentException>("destination", () => batch.Fill(new float[32]));
        Assert.Contains("32 values", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 images", exception.Message, StringComparison.Ordinal);

        var expected = new float[1];
        var actual = new float[1];
        new TorchCpuNoise(0).Fill(expected);
        source.Fill(actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_batch_needs_a_source_for_every_image()
    {
        Assert.Throws<ArgumentException>("sources", () => new PerImageNoise());
        Assert.Throws<ArgumentException>("sources", () => new PerImageNoise(new TorchCpuNoise(0), null!));
    }

    [Fact]
    public void The_batch_size_is_the_number_of_sources() => Assert.Equal(2, new PerImageNoise(new TorchCpuNoise(0), new TorchCpuNoise(1)).BatchSize);
}
