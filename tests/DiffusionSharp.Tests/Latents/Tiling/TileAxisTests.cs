using DiffusionSharp.Latents;

namespace DiffusionSharp.Tests.Latents.Tiling;

public class TileAxisTests
{
    [Theory]
    [InlineData(64, 64, 16, false, new[] { 0 })]
    [InlineData(40, 64, 16, false, new[] { 0 })]
    [InlineData(112, 64, 16, false, new[] { 0, 48 })]
    [InlineData(113, 64, 16, false, new[] { 0, 24, 49 })]
    [InlineData(128, 64, 16, false, new[] { 0, 32, 64 })]
    [InlineData(128, 64, 0, false, new[] { 0, 64 })]
    [InlineData(96, 64, 16, true, new[] { 0, 48 })]
    [InlineData(16, 64, 16, true, new[] { 0, 8 })]
    public void Tiles_of_one_length_are_spread_evenly(int length, int tile, int overlap, bool wraps, int[] starts) =>
        Assert.Equal(starts, new TileAxis(length, tile, overlap, wraps).Starts);

    [Fact]
    public void Weights_of_every_place_sum_to_one_and_are_zero_in_the_outer_quarter_of_the_overlap()
    {
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            int tile = random.Next(1, 40);
            var axis = new TileAxis(random.Next(1, 150), tile, random.Next((tile / 2) + 1), random.Next(2) == 0);
            int scale = random.Next(1, 5);
            float[][] weights = axis.Weights(scale);
            var sums = new float[axis.Length * scale];
            for (int t = 0; t < weights.Length; t++)
            {
                bool hasNeighbour = axis.Wraps || t > 0;
                int outer = hasNeighbour ? axis.Overlap * scale / 4 : 0;
                for (int place = 0; place < weights[t].Length; place++)
                {
                    Assert.True(weights[t][place] >= 0 && (place >= outer || weights[t][place] == 0));
                    sums[((axis.Starts[t] * scale) + place) % sums.Length] += weights[t][place];
                }
            }

            Assert.All(sums, sum => Assert.Equal(1, sum, 1e-6));
        }
    }

    [Fact]
    public void Weights_change_linearly_over_the_middle_half_of_the_overlap()
    {
        float[][] weights = new TileAxis(24, 16, 8, false).Weights(1);
        Assert.Equal([0, 0, 0.125f, 0.375f, 0.625f, 0.875f, 1, 1], weights[1][..8]);
        Assert.Equal([1, 1, 0.875f, 0.625f, 0.375f, 0.125f, 0, 0], weights[0][8..]);
    }
}
