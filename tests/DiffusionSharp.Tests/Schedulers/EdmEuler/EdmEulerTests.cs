using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.EdmEuler;

public class EdmEulerTests
{
    [Theory]
    [InlineData(PredictionType.Epsilon, SigmaSpacing.Karras, 1)]
    [InlineData(PredictionType.Velocity, SigmaSpacing.Exponential, -1)]
    public void A_step_is_Euler_s_with_the_preconditioning_of_table_1(PredictionType type, SigmaSpacing spacing, int sign)
    {
        var options = new EdmEulerOptions { PredictionType = type, SigmaSpacing = spacing, SigmaData = 0.7 };
        LongRun.Follows(new EdmEulerScheduler(options), 18, run =>
        {
            IReadOnlyList<double> sigmas = ((ISigmaRun)run).Sigmas;
            return (i, x, p, z) =>
            {
                (double sigma, double variance) = (sigmas[i], (sigmas[i] * sigmas[i]) + (0.7 * 0.7));
                (double skip, double output) = (0.7 * 0.7 / variance, sign * sigma * 0.7 / Math.Sqrt(variance));
                return LongRun.Each(x, k => x[k] + ((sigmas[i + 1] - sigma) * (x[k] - (skip * x[k]) - (output * p[k])) / sigma));
            };
        });
    }

    [Fact]
    public void The_model_is_asked_at_a_quarter_of_log_sigma_about_a_sample_of_unit_variance()
    {
        var run = (ISigmaRun)new EdmEulerScheduler().Start(new SamplingPlan(5, LongRun.Shape));
        float[] sample = [.. Enumerable.Repeat(1f, LongRun.Shape.Length)];
        var input = new float[sample.Length];

        run.PrepareInput(2, sample, input);

        Assert.Equal(Math.Log(run.Sigmas[2]) / 4, run.Timesteps[2], 1e-6);
        Assert.Equal(1 / Math.Sqrt((run.Sigmas[2] * run.Sigmas[2]) + 0.25), input[0], 1e-7);
        Assert.Equal(Math.Sqrt(6401), run.InitialNoiseScale, 1e-9);
        Assert.Equal((80, 0.002, 0), (Math.Round(run.Sigmas[0], 3), Math.Round(run.Sigmas[4], 6), run.Sigmas[5]));
    }

    [Fact]
    public void Noise_levels_of_one_s_own_are_taken_as_they_are()
    {
        var run = (ISigmaRun)new EdmEulerScheduler().Start(new SamplingPlan(1, LongRun.Shape) { Sigmas = [4, 2, 1] });

        Assert.Equal([4, 2, 1, 0], run.Sigmas);
        Assert.Equal(3, run.Timesteps.Count);
    }

    [Fact]
    public void What_EDM_does_not_have_is_refused_by_name()
    {
        Assert.Contains("Epsilon or Velocity", Assert.Throws<ArgumentOutOfRangeException>(() => new EdmEulerOptions { PredictionType = PredictionType.Sample }).Message, StringComparison.Ordinal);
        Assert.Contains("Karras or Exponential", Assert.Throws<ArgumentOutOfRangeException>(() => new EdmEulerOptions { SigmaSpacing = SigmaSpacing.Beta }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdmEulerOptions { SigmaData = 0 });
        Assert.Throws<ArgumentException>(() => new EdmEulerScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
        Assert.Throws<ArgumentException>(() => new EdmEulerScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Sigmas = [1, 2] }));
    }
}
