using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.ScoreSdeVe;

public class ScoreSdeVeTests
{
    private const int Steps = 12;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Corrector_steps_are_algorithm_4_and_the_predictor_goes_to_the_next_level(int correctorSteps) =>
        LongRun.Follows(new ScoreSdeVeScheduler(new ScoreSdeVeOptions { SigmaMax = 50, SignalToNoise = 0.2, CorrectorSteps = correctorSteps }), Steps, _ => (i, x, p, z) =>
        {
            int step = i / (correctorSteps + 1);
            if (i % (correctorSteps + 1) < correctorSteps)
            {
                double length = 2 * Math.Pow(0.2 * MeanNorm(z) / MeanNorm(p), 2);
                return LongRun.Each(x, k => x[k] + (length * p[k]) + (Math.Sqrt(2 * length) * z[k]));
            }

            double variance = Math.Pow(Sigma(step), 2) - (step == Steps - 1 ? 0 : Math.Pow(Sigma(step + 1), 2));
            return LongRun.Each(x, k => x[k] + (variance * p[k]) + (step == Steps - 1 ? 0 : Math.Sqrt(variance) * z[k]));
        });

    [Fact]
    public void Every_call_of_a_step_is_at_its_noise_level()
    {
        ISchedulerRun run = new ScoreSdeVeScheduler(new ScoreSdeVeOptions { SigmaMax = 50, CorrectorSteps = 2 }).Start(new SamplingPlan(Steps, LongRun.Shape));
        Assert.Equal(3 * Steps, run.CallCount);
        Assert.Equal([0, 0, 0, 1], Enumerable.Range(0, 4).Select(run.StepOf));
        Assert.Equal([0, 3, 3 * Steps], new[] { 0, 1, Steps }.Select(run.FirstCallOf));
        for (int call = 0; call < run.CallCount; call++)
        {
            double sigma = Sigma(run.StepOf(call));
            Assert.Equal(sigma, run.LevelAt(call).Sigma, 1e-5 * sigma);

            // Times end a little above 0.
            Assert.Equal(sigma, run.LevelAt(call).Timestep, 1e-4 * sigma);
        }

        Assert.Equal(50, run.InitialNoiseScale);
    }

    [Fact]
    public void A_corrector_step_is_as_long_as_the_whole_batch_asks_for()
    {
        float[] alone = FirstStep(new SampleShape(1, 1, 2, 2), [1, 2, 3, 4]);
        float[] batch = FirstStep(new SampleShape(2, 1, 2, 2), [1, 2, 3, 4, 10, 20, 30, 40]);
        Assert.NotEqual(alone, batch[..4]);
    }

    [Fact]
    public void Bad_options_and_plans_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeOptions { SigmaMin = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeOptions { SigmaMax = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeOptions { SignalToNoise = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeOptions { End = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeOptions { CorrectorSteps = -1 });
        Assert.Contains("timesteps of your own", Assert.Throws<ArgumentException>(() => new ScoreSdeVeScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoreSdeVeScheduler().Start(new SamplingPlan(1, LongRun.Shape)));
    }

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new ScoreSdeVeScheduler());

    private static float[] FirstStep(SampleShape shape, float[] score)
    {
        ISchedulerRun run = new ScoreSdeVeScheduler().Start(new SamplingPlan(2, shape));
        var sample = new float[score.Length];
        run.Step(0, new GuidedPrediction(score), sample, sample, ScriptedNoise.Constant(1, score.Length));
        return sample;
    }

    private static double Sigma(int step) => 50 * Math.Pow(0.01 / 50, step / (double)(Steps - 1));

    private static double MeanNorm(double[] batch) => batch.Chunk(LongRun.Shape.ImageLength).Average(picture => Math.Sqrt(picture.Sum(v => v * v)));
}
