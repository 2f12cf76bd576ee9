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

    // From the table of ComfyUI's node GITSScheduler; its levels are those of Stable Diffusion to 1.5e-5.
    [Theory]
    [InlineData(0.8, new[] { 14.61464119, 7.49001646 })]
    [InlineData(0.8, new[] { 14.61464119, 13.76078796, 12.96784878, 12.2308979, 10.90732002, 8.75849152, 7.49001646, 5.85520077, 3.07277966, 1.56271636 })]
    [InlineData(1.0, new[] { 14.61464119, 7.49001646, 4.86714602, 2.84484982, 1.41535246, 0.57119018 })]
    [InlineData(1.15, new[] { 14.61464119, 5.85520077, 2.84484982, 1.56271636, 0.89115214, 0.50118381, 0.25053367, 0.09824532 })]
    [InlineData(1.5, new[] { 14.61464119, 1.84880662, 0.95350921, 0.59516323, 0.38853383, 0.27464288, 0.19894916, 0.13792117, 0.09824532 })]
    [InlineData(
        1.1,
        new[]
        {
            14.61464119, 11.54541874, 7.49001646, 5.85520077, 4.45427561, 3.46139455, 2.84484982, 2.19988537, 1.72759056, 1.36964464, 1.08895338, 0.89115214, 0.72133851,
            0.59516323, 0.4783645, 0.38853383, 0.29807833, 0.22545385, 0.17026083, 0.09824532,
        })]
    public void Levels_of_GITS_are_those_of_ComfyUI(double coefficient, double[] expected) =>
        Assert.All(expected.Zip(GitsSigmas.Create(expected.Length, coefficient)), pair => Assert.Equal(pair.First, pair.Second, 1.6e-5 * pair.First));

    [Theory]
    [InlineData(0.7)]
    [InlineData(1.6)]
    [InlineData(double.NaN)]
    public void GITS_has_no_other_coefficients(double coefficient) => Assert.Throws<ArgumentOutOfRangeException>(() => GitsSigmas.Create(10, coefficient));

    [Fact]
    public void GITS_falls_for_every_coefficient_and_number_of_steps()
    {
        for (int coefficient = 16; coefficient <= 30; coefficient++)
        {
            for (int steps = 1; steps <= 40; steps++)
            {
                IReadOnlyList<double> sigmas = GitsSigmas.Create(steps, coefficient / 20.0);
                Assert.Equal(steps, sigmas.Count);
                Assert.Equal(14.6146, sigmas[0], 1e-3);
                Assert.All(sigmas.Zip(sigmas.Skip(1)), pair => Assert.True(pair.First > pair.Second, $"{coefficient / 20.0}, {steps} steps: {pair}"));
            }
        }
    }

    // Quantiles 3/4, 1/2 and 1/4 of the standard normal distribution, ±0.6744897502, through the logistic function.
    [Fact]
    public void Logit_normal_levels_are_quantiles_between_the_ends()
    {
        IReadOnlyList<double> sigmas = Sigmas(SigmaSpacing.LogitNormal, 5);
        double[] shares = [1, 0.66250776, 0.5, 0.33749224, 0];
        Assert.All(shares.Zip(sigmas), pair => Assert.Equal(0.0291671 + (pair.First * (14.6146412 - 0.0291671)), pair.Second, 1e-5));
    }

    // Of Python's statistics.NormalDist.
    [Theory]
    [InlineData(1e-12, -7.034483825301132)]
    [InlineData(1e-6, -4.753424308822899)]
    [InlineData(0.01, -2.3263478740408408)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.5, 0.0)]
    [InlineData(0.9, 1.2815515655446008)]
    [InlineData(0.999999, 4.753424308817089)]
    public void Quantiles_of_the_normal_distribution_are_exact(double probability, double expected) => Assert.Equal(expected, NormalDistribution.Quantile(probability), 1e-14);

    // By ComfyUI's definitions, in double. sgm_uniform lies between timesteps, where ComfyUI interpolates log σ and this library, as diffusers does, σ.
    [Theory]
    [InlineData(TimestepSpacing.SgmUniform, new[] { 14.614641, 4.086081, 1.61558, 0.69515 })]
    [InlineData(TimestepSpacing.SgmUniform, new[] { 14.614641, 6.678, 3.522057, 2.060641, 1.276832, 0.79126, 0.439666 })]
    [InlineData(TimestepSpacing.Simple, new[] { 14.614641, 4.081729, 1.612886, 0.693205 })]
    [InlineData(TimestepSpacing.Simple, new[] { 14.614641, 6.701629, 3.528203, 2.061671, 1.276235, 0.790061, 0.438062 })]
    public void Spacings_of_timesteps_have_the_levels_of_ComfyUI(TimestepSpacing spacing, double[] expected)
    {
        var scheduler = new EulerScheduler(new EulerOptions { Schedule = NoiseSchedule.ScaledLinear(), TimestepSpacing = spacing });
        var run = (ISigmaRun)scheduler.Start(new SamplingPlan(expected.Length, new SampleShape(1, 1, 1, 1)));
        Assert.All(expected.Zip(run.Sigmas), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * pair.First));
        Assert.Equal(0, run.Sigmas[^1]);
    }

    [Fact]
    public void Levels_of_another_process_are_refused_by_flow_matching()
    {
        var flow = new FlowMatchEulerScheduler(new FlowMatchEulerOptions { SigmaSpacing = SigmaSpacing.Gits });
        Assert.Contains("Gits", Assert.Throws<ArgumentException>(() => flow.Start(new SamplingPlan(5, new SampleShape(1, 1, 1, 1)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SigmaSpacing.BongTangent)]
    [InlineData(SigmaSpacing.KlOptimal)]
    [InlineData(SigmaSpacing.AlignYourSteps)]
    [InlineData(SigmaSpacing.AlignYourStepsXl)]
    [InlineData(SigmaSpacing.Gits)]
    [InlineData(SigmaSpacing.LogitNormal)]
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
    [InlineData(SigmaSpacing.Gits)]
    [InlineData(SigmaSpacing.LogitNormal)]
    public void Solvers_in_log_snr_take_them_too(SigmaSpacing spacing)
    {
        var scheduler = new DpmSolverScheduler(new DpmSolverOptions { Schedule = NoiseSchedule.ScaledLinear(), SigmaSpacing = spacing });
        var run = (ISigmaRun)scheduler.Start(new SamplingPlan(10, new SampleShape(1, 1, 1, 1)));
        Assert.All(Sigmas(spacing, 10).Zip(run.Sigmas), pair => Assert.Equal(pair.First, pair.Second, 2e-2 * pair.First));
    }

    private static IReadOnlyList<double> Sigmas(SigmaSpacing spacing, int steps) =>
        ((ISigmaRun)new EulerScheduler(new EulerOptions { Schedule = NoiseSchedule.ScaledLinear(), SigmaSpacing = spacing }).Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)))).Sigmas;
}
