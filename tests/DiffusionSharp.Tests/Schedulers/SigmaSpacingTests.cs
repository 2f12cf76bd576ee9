using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Spacings of noise levels that diffusers does not have; the numbers are what stable-diffusion.cpp computes for the same ends.</summary>
public class SigmaSpacingTests
{
    [Theory]
    [InlineData(SigmaSpacing.BongTangent, new[] { 14.61464f, 7.321904f })]
    [InlineData(SigmaSpacing.BongTangent, new[] { 14.61464f, 13.62335f, 11.76035f, 7.321904f, 1.958263f })]
    [InlineData(SigmaSpacing.BongTangent, new[] { 14.61464f, 14.29442f, 13.85519f, 13.21906f, 12.22795f, 10.52829f, 7.321904f, 3.783903f, 1.742386f, 0.6602105f })]
    [InlineData(SigmaSpacing.KlOptimal, new[] { 14.61463f, 0.02916716f })]
    [InlineData(SigmaSpacing.KlOptimal, new[] { 14.61463f, 2.142741f, 0.961588f, 0.4198362f, 0.02916716f })]
    [InlineData(SigmaSpacing.AlignYourSteps, new[] { 14.61463f, 1.39438f })]
    [InlineData(SigmaSpacing.AlignYourSteps, new[] { 14.61463f, 3.863674f, 1.884192f, 0.9642584f, 0.3977456f })]
    [InlineData(
        SigmaSpacing.AlignYourSteps,
        new[]
        {
            14.61463f, 9.917857f, 6.73051f, 5.189444f, 4.058391f, 3.368061f, 2.836968f, 2.391697f, 2.017064f, 1.7289f, 1.497997f, 1.277148f, 1.071424f,
            0.8950958f, 0.7431215f, 0.6078478f, 0.48025f, 0.3628179f, 0.2291421f, 0.1400889f, 0.06392179f,
        })]
    public void Levels_are_those_of_a_peer(SigmaSpacing spacing, float[] expected)
    {
        // Stable Diffusion's noise levels reach from 0.0292 to 14.6146.
        IReadOnlyList<double> sigmas = Sigmas(spacing, expected.Length);
        Assert.Equal(0, sigmas[^1]);
        Assert.All(expected.Zip(sigmas), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * pair.First));
    }

    [Fact]
    public void Ten_steps_of_align_your_steps_for_SDXL_are_those_of_its_authors() => Assert.Equal(
        [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113],
        Sigmas(SigmaSpacing.AlignYourStepsXl, 10).Take(10),
        (expected, actual) => Math.Abs(expected - actual) < 4e-3);

    [Theory]
    [InlineData(SigmaSpacing.BongTangent)]
    [InlineData(SigmaSpacing.KlOptimal)]
    [InlineData(SigmaSpacing.AlignYourSteps)]
    [InlineData(SigmaSpacing.AlignYourStepsXl)]
    public void Every_number_of_steps_falls_from_the_largest_level(SigmaSpacing spacing)
    {
        // One step with both ends included is at the smallest level, as in diffusers.
        for (int steps = 2; steps <= 100; steps++)
        {
            IReadOnlyList<double> sigmas = Sigmas(spacing, steps);
            Assert.Equal(14.6146, sigmas[0], 1e-3);
            Assert.All(sigmas.Zip(sigmas.Skip(1)), pair => Assert.True(pair.First > pair.Second, $"{steps} steps: {pair}"));
        }
    }

    [Theory]
    [InlineData(SigmaSpacing.BongTangent)]
    [InlineData(SigmaSpacing.KlOptimal)]
    [InlineData(SigmaSpacing.AlignYourSteps)]
    public void Solvers_in_log_snr_take_them_too(SigmaSpacing spacing)
    {
        var scheduler = new DpmSolverScheduler(new DpmSolverOptions { Schedule = NoiseSchedule.ScaledLinear(), SigmaSpacing = spacing });
        var run = (ISigmaRun)scheduler.Start(new SamplingPlan(10, new SampleShape(1, 1, 1, 1)));
        Assert.All(Sigmas(spacing, 10).Zip(run.Sigmas), pair => Assert.Equal(pair.First, pair.Second, 2e-2 * pair.First));
    }

    private static IReadOnlyList<double> Sigmas(SigmaSpacing spacing, int steps) =>
        ((ISigmaRun)new EulerScheduler(new EulerOptions { Schedule = NoiseSchedule.ScaledLinear(), SigmaSpacing = spacing }).Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)))).Sigmas;
}
