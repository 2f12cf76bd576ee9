using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Samplers that diffusers does not have: what their loops do not say.</summary>
public class SamplerTests
{
    public static TheoryData<string> Names() => [.. KnownSchedulers.SamplersBesideDiffusers];

    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void RES_2s_is_the_exponential_Runge_Kutta_step_that_meets_all_conditions_of_second_order(PredictionType type, double range) =>
        LongRun.Follows(new Res2sScheduler(new Res2sOptions { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 12, run =>
        {
            var book = new SigmaTextbook(run, type, range);
            double[] start = [];
            double[] first = [];
            return (i, x, p, z) =>
            {
                double[] slope = book.Slope(i, x, p);
                double[] original = LongRun.Each(x, k => x[k] - (book.Sigmas[i] * slope[k]));
                if (i == run.CallCount - 1)
                {
                    return original;
                }

                if (i % 2 == 0)
                {
                    (start, first) = (x, original);
                    double half = Math.Log(book.Sigmas[i] / book.Sigmas[i + 1]);
                    return LongRun.Each(x, k => x[k] + (half * Phi1(half) * (original[k] - x[k])));
                }

                double h = Math.Log(book.Sigmas[i - 1] / book.Sigmas[i + 1]);
                (double b1, double b2) = (Phi1(h) - (2 * Phi2(h)), 2 * Phi2(h));
                return LongRun.Each(x, k => start[k] + (h * ((b1 * (first[k] - start[k])) + (b2 * (original[k] - start[k])))));
            };

            static double Phi1(double h) => -double.ExpM1(-h) / h;
            static double Phi2(double h) => (1 - Phi1(h)) / h;
        });

    [Fact]
    public void Gradient_estimation_without_extrapolation_is_Euler()
    {
        ISchedulerRun run = new GradientEstimationScheduler(new GradientEstimationOptions { Gamma = 1 }).Start(new SamplingPlan(8, LongRun.Shape));
        ISchedulerRun euler = new EulerScheduler().Start(new SamplingPlan(8, LongRun.Shape));
        float[] sample = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => i / 10f)];
        float[] expected = [.. sample];
        for (int i = 0; i < run.CallCount; i++)
        {
            float[] prediction = SchedulerVectors.Bounded(expected, i);
            run.Step(i, new GuidedPrediction(prediction), sample, sample, ScriptedNoise.Always(sample));
            euler.Step(i, new GuidedPrediction(prediction), expected, expected, ScriptedNoise.Always(sample));
        }

        Assert.All(expected.Zip(sample), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Only_CFG_plus_plus_asks_for_the_unconditional_prediction_whatever_the_scale()
    {
        Assert.All(KnownSchedulers.SamplersBesideDiffusers, name => Assert.Equal(name.EndsWith("CFG++", StringComparison.Ordinal), KnownSchedulers.Create(name).NeedsUnconditional));

        ISchedulerRun run = new EulerCfgPlusPlusScheduler().Start(new SamplingPlan(2, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];
        Assert.Contains("Euler CFG++", Assert.Throws<InvalidOperationException>(() => run.Step(0, new GuidedPrediction(sample), sample, sample, ScriptedNoise.Always(sample))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpmSolverAncestralOptions { Eta = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EulerCfgPlusPlusOptions { Eta = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResMultistepOptions { Eta = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Res2sOptions { Eta = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientEstimationOptions { Gamma = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ErSdeOptions { SolverOrder = 4 });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_name_says_which_it_is_and_its_steps_allocate_nothing(string name)
    {
        IScheduler scheduler = KnownSchedulers.Create(name);
        Assert.Equal(name, scheduler.ToString());
        StepAllocations.AreNone(scheduler);
    }
}
