using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>
/// Classifier guidance at a scale of 1 is Bayes' rule: with the optimal network of normal data and the classifier of one observation, samples are
/// drawn from the data given the observation, whatever the network predicts.
/// </summary>
public class ClassifierSamplingTests
{
    private static readonly GaussianClassifier Classifier = new(new GaussianData(Mean: 0.3, Deviation: 0.5), Seen: -0.6, Deviation: 0.4);
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Linear();

    [Fact]
    public void The_data_given_what_was_seen_are_narrower_and_lie_between()
    {
        // 1/0.25 + 1/0.16 = 10.25; (0.3·4 - 0.6·6.25)/10.25.
        Assert.Equal(Math.Sqrt(1 / 10.25), Classifier.Posterior.Deviation, 1e-12);
        Assert.Equal(-2.55 / 10.25, Classifier.Posterior.Mean, 1e-12);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Velocity)]
    public void DDIM_draws_from_the_posterior(PredictionType type)
    {
        var scheduler = new DdimScheduler(new DdimOptions { Schedule = Schedule, PredictionType = type, Clipping = SampleClipping.None, TimestepSpacing = TimestepSpacing.Trailing });
        GenerationResult result = Generate(scheduler, Classifier.Data.Predictor(Schedule, type), steps: 500);
        IReadOnlyList<double> timesteps = scheduler.Start(new SamplingPlan(500, new SampleShape(1, 1, 1, 1))).Timesteps;
        AssertMoments(GaussianReference.Ddim(Classifier.Posterior, Schedule, timesteps), result);

        // 500 first-order steps miss the deviation by 0.6 %.
        AssertMoments(new AffineMap(Classifier.Posterior.Deviation, Classifier.Posterior.Mean, 0), result, slack: 0.006 * Classifier.Posterior.Deviation);
    }

    [Fact]
    public void Euler_whose_input_is_scaled_draws_from_the_posterior()
    {
        var scheduler = new EulerScheduler(new EulerOptions { Schedule = Schedule, TimestepSpacing = TimestepSpacing.Trailing });
        GenerationResult result = Generate(scheduler, Classifier.Data.Predictor(Schedule, PredictionType.Epsilon), steps: 500);
        AssertMoments(new AffineMap(Classifier.Posterior.Deviation, Classifier.Posterior.Mean, 0), result, slack: 0.01 * Classifier.Posterior.Deviation);
    }

    [Fact]
    public void Flow_matching_from_noise_alone_draws_from_the_posterior()
    {
        const int steps = 500;
        var scheduler = new FlowMatchEulerScheduler(new FlowMatchEulerOptions());
        GenerationResult result = Generate(scheduler, Flow(Classifier.Data), steps);

        // Where α is 0 the classifier has nothing to say, so the first step is that of the data before anything was seen.
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)));
        AffineMap expected = AffineMap.Identity;
        for (int i = 0; i < steps; i++)
        {
            double sigma = run.LevelAt(i).Sigma;
            double next = i + 1 < steps ? run.LevelAt(i + 1).Sigma : 0;
            Assert.Equal(i == 0, sigma == 1);
            GaussianData data = i == 0 ? Classifier.Data : Classifier.Posterior;
            expected = expected.Then(AffineMap.Through(x => x + ((next - sigma) * Velocity(data, sigma, x)), 0));
        }

        AssertMoments(expected, result);

        // One step in 500 that is not guided moves the mean by 1/500 of the way between the two, and the deviation is missed as by DDIM.
        AssertMoments(new AffineMap(Classifier.Posterior.Deviation, Classifier.Posterior.Mean, 0), result, slack: 0.01 * Classifier.Posterior.Deviation);
    }

    [Theory]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Velocity)]
    public void Where_nothing_of_the_signal_is_left_there_is_no_guidance_and_no_NaN(PredictionType type)
    {
        NoiseSchedule schedule = Schedule.WithZeroTerminalSnr();
        var scheduler = new DdimScheduler(new DdimOptions { Schedule = schedule, PredictionType = type, Clipping = SampleClipping.None, TimestepSpacing = TimestepSpacing.Trailing });
        IReadOnlyList<double> timesteps = scheduler.Start(new SamplingPlan(500, new SampleShape(1, 1, 1, 1))).Timesteps;
        Assert.Equal(0, schedule.AlphaBar[(int)timesteps[0]]);

        GenerationResult result = Generate(scheduler, Classifier.Data.Predictor(schedule, type), steps: 500);
        double next = schedule.AlphaBar[(int)timesteps[1]];
        var first = AffineMap.Through(x => (Math.Sqrt(next) * Classifier.Data.Original(0, x)) + (Math.Sqrt(1 - next) * Classifier.Data.Noise(0, x)), 0);
        AssertMoments(first.Then(GaussianReference.Ddim(Classifier.Posterior, schedule, [.. timesteps.Skip(1)])), result);
    }

    private static INoisePredictor Flow(GaussianData data) => NoisePredictor.FromFunction((sample, timestep, _, prediction) =>
    {
        for (int i = 0; i < sample.Length; i++)
        {
            prediction[i] = (float)Velocity(data, timestep / 1000, sample[i]);
        }
    });

    // E[ε - x_0 | x] of x = (1-σ)·x_0 + σ·ε.
    private static double Velocity(GaussianData data, double sigma, double x)
    {
        double variance = data.Deviation * data.Deviation;
        double standard = (x - ((1 - sigma) * data.Mean)) / (((1 - sigma) * (1 - sigma) * variance) + (sigma * sigma));
        return ((sigma - ((1 - sigma) * variance)) * standard) - data.Mean;
    }

    private static GenerationResult Generate(IScheduler scheduler, INoisePredictor model, int steps)
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(model)
            .UseScheduler(scheduler)
            .UsePixelSpace()
            .UseGuidance(new ClassifierGuidance(new ClassifierFreeGuidance(), Classifier, scale: 1))
            .Build();
        return pipeline.Generate(new GenerationRequest { Steps = steps, Seed = 0, Count = 4, Width = 64, Height = 64 });
    }

    private static void AssertMoments(AffineMap expected, GenerationResult result, double slack = 0) => Moments.AssertEqual(expected, result.Latents, slack);
}
