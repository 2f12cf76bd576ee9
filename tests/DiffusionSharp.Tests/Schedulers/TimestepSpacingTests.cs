using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Which timesteps are visited (arXiv:2305.08891, table 2).</summary>
public class TimestepSpacingTests
{
    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(3, new[] { 666, 333, 0 })]
    [InlineData(7, new[] { 852, 710, 568, 426, 284, 142, 0 })]
    public void Leading_are_multiples_of_N_div_n(int n, int[] expected) => Assert.Equal(expected, Timesteps(TimestepSpacing.Leading, n));

    [Fact]
    public void An_offset_moves_leading_timesteps_only()
    {
        Assert.Equal([751, 501, 251, 1], Timesteps(TimestepSpacing.Leading, 4, offset: 1));
        Assert.Equal([999, 749, 499, 249], Timesteps(TimestepSpacing.Trailing, 4, offset: 1));
        Assert.Equal([999, 666, 333, 0], Timesteps(TimestepSpacing.Linspace, 4, offset: 1));
    }

    // 16: every second stride of 62.5 is an exact half, which goes to the even side: 937.5 to 938, 812.5 to 812.
    [Theory]
    [InlineData(1, new[] { 999 })]
    [InlineData(7, new[] { 999, 856, 713, 570, 428, 285, 142 })]
    [InlineData(16, new[] { 999, 937, 874, 811, 749, 687, 624, 561, 499, 437, 374, 311, 249, 187, 124, 61 })]
    public void Trailing_count_down_from_the_last_timestep(int n, int[] expected) => Assert.Equal(expected, Timesteps(TimestepSpacing.Trailing, n));

    // 5: 499.5 goes to 500. 8 and 16 begin as the linspace timesteps of DPMSolverMultistep do in diffusers.
    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(2, new[] { 999, 0 })]
    [InlineData(5, new[] { 999, 749, 500, 250, 0 })]
    [InlineData(8, new[] { 999, 856, 714, 571, 428, 285, 143, 0 })]
    [InlineData(16, new[] { 999, 932, 866, 799, 733, 666, 599, 533, 466, 400, 333, 266, 200, 133, 67, 0 })]
    public void Linspace_has_both_ends(int n, int[] expected) => Assert.Equal(expected, Timesteps(TimestepSpacing.Linspace, n));

    // ComfyUI's sgm_uniform, whose levels lie between timesteps, at the nearest whole ones.
    [Theory]
    [InlineData(1, new[] { 999 })]
    [InlineData(4, new[] { 999, 749, 500, 250 })]
    [InlineData(7, new[] { 999, 856, 714, 571, 428, 285, 143 })]
    public void SGM_uniform_leaves_out_the_clean_end(int n, int[] expected) => Assert.Equal(expected, Timesteps(TimestepSpacing.SgmUniform, n));

    // ComfyUI's simple takes entry -(1 + int(i·1000/n)) of its 1000 levels.
    [Theory]
    [InlineData(1, new[] { 999 })]
    [InlineData(4, new[] { 999, 749, 499, 249 })]
    [InlineData(7, new[] { 999, 857, 714, 571, 428, 285, 142 })]
    public void Simple_counts_down_and_cuts(int n, int[] expected) => Assert.Equal(expected, Timesteps(TimestepSpacing.Simple, n));

    [Theory]
    [InlineData(TimestepSpacing.SgmUniform)]
    [InlineData(TimestepSpacing.Simple)]
    public void Any_number_of_steps_falls_from_the_last_timestep(TimestepSpacing spacing)
    {
        for (int n = 1; n <= 1000; n++)
        {
            int[] timesteps = Timesteps(spacing, n);
            Assert.Equal(999, timesteps[0]);
            Assert.InRange(timesteps[^1], 0, 999);
            Assert.All(timesteps.Zip(timesteps.Skip(1)), pair => Assert.True(pair.First > pair.Second, $"{n} steps: {pair}"));
        }
    }

    [Fact]
    public void Three_of_48_trailing_strides_fall_short_of_a_half_as_in_NumPy()
    {
        // 1000 - 3·(1000/48) is 937.5 and would go to 938, but in double 1000 - (1000 - 1000/48) is a little more than the stride.
        int[] timesteps = Timesteps(TimestepSpacing.Trailing, 48);
        Assert.Equal(936, timesteps[3]);
        Assert.Equal(686, timesteps[15]);
        Assert.Equal(436, timesteps[27]);
    }

    [Theory]
    [InlineData(TimestepSpacing.Leading)]
    [InlineData(TimestepSpacing.Trailing)]
    [InlineData(TimestepSpacing.Linspace)]
    public void Any_number_of_steps_gives_so_many_timesteps_nearest_to_the_exact_ones(TimestepSpacing spacing)
    {
        // NumPy's arange(1000, 0, -1000/n) has an entry too many for 62 of these n, 61 the smallest; the caller asked for n.
        for (int n = 1; n <= 1000; n++)
        {
            int[] timesteps = Timesteps(spacing, n);
            Assert.Equal(n, timesteps.Length);
            Assert.InRange(timesteps[0], 0, 999);
            Assert.InRange(timesteps[^1], 0, 999);
            for (int i = 0; i < n; i++)
            {
                Assert.True(i == 0 || timesteps[i] < timesteps[i - 1], $"Timestep {i} of {n} is {timesteps[i]}: that is no step down.");
                AssertNearest(Exact(spacing, n, i), timesteps[i]);
            }
        }
    }

    [Fact]
    public void Too_large_an_offset_for_so_many_leading_steps_is_refused_with_a_way_out()
    {
        var scheduler = new DdimScheduler(new DdimOptions { StepsOffset = 1 });
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Start(new SamplingPlan(1000, new SampleShape(1, 1, 1, 1))));
        Assert.Contains("take fewer steps or trailing spacing", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_number_of_steps_out_of_range_is_refused_with_the_range(int steps)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps(TimestepSpacing.Leading, steps));
        Assert.Contains("[1, 1000]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Timesteps_of_ones_own_are_taken_as_they_are()
    {
        ISchedulerRun run = new DdpmScheduler().Start(new SamplingPlan(0, new SampleShape(1, 1, 1, 1)) { Timesteps = [900, 17, 3] });
        Assert.Equal([900, 17, 3], run.Timesteps);
    }

    [Theory]
    [InlineData(new int[0], "empty")]
    [InlineData(new[] { 1000, 5 }, "Timestep 0 must be in [0, 999]")]
    [InlineData(new[] { 5, -1 }, "Timestep 1 must be in [0, 999]")]
    [InlineData(new[] { 5, 5 }, "timestep 1 is 5 after 5")]
    [InlineData(new[] { 400, 500 }, "timestep 1 is 500 after 400")]
    public void Timesteps_that_cannot_be_visited_are_refused_by_name(int[] timesteps, string message)
    {
        var plan = new SamplingPlan(0, new SampleShape(1, 1, 1, 1)) { Timesteps = timesteps };
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => new DdpmScheduler().Start(plan)).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => new DdimScheduler().Start(plan)).Message, StringComparison.Ordinal);
    }

    private static int[] Timesteps(TimestepSpacing spacing, int steps, int offset = 0)
    {
        var scheduler = new DdpmScheduler(new DdpmOptions { TimestepSpacing = spacing, StepsOffset = offset });
        return [.. scheduler.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1))).Timesteps.Select(t => (int)t)];
    }

    // Timestep i of n among 1000, as a fraction.
    private static (long Numerator, long Denominator) Exact(TimestepSpacing spacing, int n, int i) => spacing switch
    {
        TimestepSpacing.Leading => ((n - 1 - i) * (1000 / n), 1),
        TimestepSpacing.Trailing => ((1000 * (n - i)) - n, n),
        _ => ((n - 1 - i) * 999, Math.Max(1, n - 1)),
    };

    // At most a half away. At exact halves either side may do: NumPy's rounded stride decides.
    private static void AssertNearest((long Numerator, long Denominator) exact, int actual) =>
        Assert.True(
            2 * Math.Abs((actual * exact.Denominator) - exact.Numerator) <= exact.Denominator,
            $"{actual} is not the nearest to {exact.Numerator}/{exact.Denominator}.");
}
