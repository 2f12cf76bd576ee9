using DiffusionSharp.Guidance;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.KarrasVe;

public class KarrasVeTests
{
    private const int Steps = 8;

    private static readonly KarrasVeOptions Options = new() { SigmaMax = 10, Churn = 2, ChurnMaximum = 20, ChurnNoise = 1.01 };

    [Fact]
    public void A_step_is_algorithm_2_which_adds_noise_before_it_asks_the_model() => LongRun.Follows(new KarrasVeScheduler(Options), Steps, run =>
    {
        double[] churned = [];
        double[] first = [];
        return (i, x, p, z) =>
        {
            int step = i / 2;
            (double raised, double next) = (Raised(step), step == Steps - 1 ? 0 : Sigma(step + 1));
            if (i % 2 == 0)
            {
                churned = LongRun.Each(x, k => x[k] + (Math.Sqrt((raised * raised) - Math.Pow(Sigma(step), 2)) * 1.01 * z[k]));
                first = p;
            }

            // dx/dσ is ε, and p is -ε.
            return LongRun.Each(x, k => churned[k] - ((next - raised) * (i % 2 == 0 ? p[k] : (first[k] + p[k]) / 2)));
        };
    });

    [Fact]
    public void The_model_is_asked_at_the_level_that_the_added_noise_leads_to()
    {
        ISchedulerRun run = Start();
        Assert.Equal((2 * Steps) - 1, run.CallCount);
        Assert.Equal(10, run.InitialNoiseScale);
        for (int call = 0; call < run.CallCount; call++)
        {
            double sigma = call % 2 == 0 ? Raised(call / 2) : Sigma((call + 1) / 2);
            Assert.Equal(sigma, run.LevelAt(call).Timestep, 1e-6 * sigma);
            Assert.Equal(call / 2, run.StepOf(call));
        }

        float[] sample = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => i / 50f)];
        var input = new float[sample.Length];
        run.PrepareInput(6, sample, input, ScriptedNoise.Constant(2, sample.Length));
        double added = 1.01 * Math.Sqrt(Math.Pow(Raised(3), 2) - Math.Pow(Sigma(3), 2));
        Assert.All(sample.Zip(input), pair => Assert.Equal(pair.First + (2 * added), pair.Second, 1e-5));

        // x_0 is that of the noisier sample.
        var original = new float[sample.Length];
        run.PredictOriginal(6, new GuidedPrediction(sample), sample, original);
        Assert.All(sample.Zip(original), pair => Assert.Equal(pair.First + (2 * added) + (Raised(3) * pair.First), pair.Second, 1e-4));
    }

    [Fact]
    public void A_generation_starts_at_a_whole_step()
    {
        ISchedulerRun run = Start();
        Assert.Equal([0, 2, 14, 15], new[] { 0, 1, 7, 8 }.Select(run.FirstCallOf));
        var sample = new float[LongRun.Shape.Length];
        Assert.Contains("even call", Assert.Throws<InvalidOperationException>(() => run.Step(3, new GuidedPrediction(sample), sample, sample, ScriptedNoise.Always(sample))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_options_and_plans_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KarrasVeOptions { SigmaMin = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new KarrasVeOptions { SigmaMax = double.PositiveInfinity });
        Assert.Throws<ArgumentException>(() => new KarrasVeScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Sigmas = [5, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KarrasVeScheduler().Start(new SamplingPlan(1, LongRun.Shape)));
    }

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new KarrasVeScheduler());

    private static ISchedulerRun Start() => new KarrasVeScheduler(Options).Start(new SamplingPlan(Steps, LongRun.Shape));

    // From the square of σ_max to that of σ_min.
    private static double Sigma(int step) => 100 * Math.Pow(0.02 * 0.02 / 100, step / (double)(Steps - 1));

    private static double Raised(int step) => Sigma(step) * (Sigma(step) is >= 0.05 and <= 20 ? 1.25 : 1);
}
