using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>Whole generations of normal data have the distribution that theory says.</summary>
public class GaussianSamplingTests
{
    private static readonly GaussianData Data = new(Mean: 0.3, Deviation: 0.5);
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Linear();

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Velocity)]
    public void DDIM_maps_the_noise_of_a_seed_as_the_recursion_says(PredictionType type)
    {
        DdimScheduler scheduler = Ddim(type);
        GenerationResult result = Generate(scheduler, Data.Predictor(Schedule, type), steps: 50, count: 1);

        AffineMap expected = GaussianReference.Ddim(Data, Schedule, Timesteps(scheduler, 50));
        var noise = new float[result.Latents.FlattenedLength];
        new TorchCpuNoise(0).Fill(noise);
        ReadOnlySpan<float> pixels = result.Images[0].Pixels.Values();
        for (int i = 0; i < noise.Length; i++)
        {
            // 50 steps of a few roundings each, of numbers below 8.
            Assert.Equal(expected.Apply(noise[i]), pixels[i], 50 * 8 * 4 * Math.Pow(2, -24));
        }
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Velocity)]
    public void DDIM_with_many_steps_draws_from_the_data(PredictionType type)
    {
        DdimScheduler scheduler = Ddim(type);
        GenerationResult result = Generate(scheduler, Data.Predictor(Schedule, type), steps: 500, count: 4);
        AssertMoments(GaussianReference.Ddim(Data, Schedule, Timesteps(scheduler, 500)), result);

        // The flow at ᾱ_T = 4e-5 maps unit noise onto mean and deviation nearly exactly; 500 first-order steps miss the deviation by 0.6 %.
        AssertMoments(new AffineMap(Data.Deviation, Data.Mean, 0), result, slack: 0.006 * Data.Deviation);
    }

    [Fact]
    public void The_error_of_DDIM_halves_when_the_steps_double()
    {
        // A first-order method. The error is that of the scale, which is the deviation of what is sampled.
        double exact = Data.FlowToClean(Schedule.AlphaBar[999], 1) - Data.FlowToClean(Schedule.AlphaBar[999], 0);
        double Error(int steps)
        {
            double one = Pixel(steps, 1);
            double zero = Pixel(steps, 0);
            return Math.Abs(one - zero - exact);
        }

        // Terms of second order still show at 100 steps; they halve too.
        Assert.InRange(Error(100) / Error(200), 1.9, 2.1);
        Assert.InRange(Error(250) / Error(500), 1.95, 2.05);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Velocity)]
    public void DDPM_with_all_timesteps_draws_from_the_data(PredictionType type)
    {
        DdpmScheduler scheduler = Ddpm(type, VarianceType.FixedSmall);
        GenerationResult result = Generate(scheduler, Data.Predictor(Schedule, type), steps: 1000, count: 2);
        AssertMoments(GaussianReference.Ddpm(Data, Schedule, Timesteps(scheduler, 1000)), result);

        // β̃ is a lower bound of the right variance, so the deviation falls short: by 0.8 % at this s, as the recursion says.
        AssertMoments(new AffineMap(Data.Deviation, Data.Mean, 0), result, slack: 0.008 * Data.Deviation);
    }

    [Fact]
    public void The_two_fixed_variances_of_DDPM_are_bounds_of_the_right_one()
    {
        // arXiv:2006.11239, section 3.2: β̃ and β are the lower and the upper bound for data of at most unit variance.
        double small = Variance(VarianceType.FixedSmall);
        double large = Variance(VarianceType.FixedLarge);
        Assert.InRange(Data.Deviation * Data.Deviation, small, large);

        static double Variance(VarianceType type) => Moments.Of(Generate(Ddpm(PredictionType.Epsilon, type), Data.Predictor(Schedule, PredictionType.Epsilon), 50, 4).Latents).Variance;
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    public void Fixed_large_is_right_for_unit_normal_data(int steps)
    {
        // Section 3.2: β is optimal for x_0 ~ N(0, I). Every step keeps unit variance, but the one at timestep 0, which adds no noise.
        var unit = new GaussianData(0, 1);
        DdpmScheduler scheduler = Ddpm(PredictionType.Epsilon, VarianceType.FixedLarge);
        AffineMap expected = GaussianReference.Ddpm(unit, Schedule, Timesteps(scheduler, steps), large: true);
        Assert.Equal(Schedule.AlphaBar[0], (expected.Scale * expected.Scale) + expected.Variance, 1e-12);
        AssertMoments(expected, Generate(scheduler, unit.Predictor(Schedule, PredictionType.Epsilon), steps, count: 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Fixed_small_is_right_for_data_that_is_a_point(int steps)
    {
        // Section 3.2: β̃ is optimal for a deterministic x_0. Every sample is the point.
        var point = new GaussianData(0.3, 0);
        GenerationResult result = Generate(Ddpm(PredictionType.Epsilon, VarianceType.FixedSmall), point.Predictor(Schedule, PredictionType.Epsilon), steps, count: 1);
        Assert.All(result.Latents.Values().ToArray(), x => Assert.Equal(0.3, x, 1e-5));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void DDIM_with_eta_draws_as_the_recursion_says(double eta)
    {
        var scheduler = new DdimScheduler(new DdimOptions { Schedule = Schedule, Clipping = SampleClipping.None, Eta = eta });
        GenerationResult result = Generate(scheduler, Data.Predictor(Schedule, PredictionType.Epsilon), steps: 50, count: 4);
        AssertMoments(GaussianReference.Ddim(Data, Schedule, Timesteps(scheduler, 50), eta), result);
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(7.5f)]
    public void Guidance_between_two_means_samples_around_the_mean_beyond_them(float scale)
    {
        // The optimal ε is linear in μ, so u + w·(c - u) is the optimal ε of the mean μ_u + w·(μ_c - μ_u) at the same deviation.
        GaussianData[] classes = [new(-0.1, 0.5), new(0.1, 0.5)];
        INoisePredictor[] predictors = Array.ConvertAll(classes, c => c.Predictor(Schedule, PredictionType.Epsilon));
        INoisePredictor model = NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            int image = plan.Shape.ImageLength;
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                using IPredictionRun run = predictors[(int)plan.Conditioning.ClassLabels!.Values()[i]].Start(plan with { Shape = plan.Shape.WithBatch(1) });
                sample.Slice(i * image, image).CopyTo(run.Sample);
                run.Predict(timestep);
                run.Prediction.CopyTo(prediction.Slice(i * image, image));
            }
        });

        DdimScheduler scheduler = Ddim(PredictionType.Epsilon);
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder().UseNoisePredictor(model).UseScheduler(scheduler).UsePixelSpace().Build();
        GenerationResult result = pipeline.Generate(new GenerationRequest
        {
            ClassLabel = 1,
            NegativeConditioning = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create([0f], [1]))),
            GuidanceScale = scale,
            Steps = 50,
            Seed = 0,
            Count = 2,
            Width = 64,
            Height = 64,
        });

        var beyond = new GaussianData(-0.1 + (scale * 0.2), 0.5);
        AssertMoments(GaussianReference.Ddim(beyond, Schedule, Timesteps(scheduler, 50)), result);
    }

    // What DDIM makes of noise that is the same number everywhere.
    private static double Pixel(int steps, float noise) =>
        Generate(Ddim(PredictionType.Epsilon), Data.Predictor(Schedule, PredictionType.Epsilon), steps, 1, _ => ScriptedNoise.Constant(noise, 3), side: 1).Latents.Values()[0];

    private static DdimScheduler Ddim(PredictionType type) =>
        new(new DdimOptions { Schedule = Schedule, PredictionType = type, Clipping = SampleClipping.None, TimestepSpacing = TimestepSpacing.Trailing });

    private static DdpmScheduler Ddpm(PredictionType type, VarianceType variance) =>
        new(new DdpmOptions { Schedule = Schedule, PredictionType = type, Clipping = SampleClipping.None, VarianceType = variance });

    private static IReadOnlyList<double> Timesteps(IScheduler scheduler, int steps) => scheduler.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1))).Timesteps;

    private static GenerationResult Generate(IScheduler scheduler, INoisePredictor model, int steps, int count, Func<long, INoiseSource>? noise = null, int side = 64)
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(model)
            .UseScheduler(scheduler)
            .UsePixelSpace()
            .UseNoise(noise ?? (seed => new TorchCpuNoise(seed)))
            .Build();
        return pipeline.Generate(new GenerationRequest { Steps = steps, Seed = 0, Count = count, Width = side, Height = side });
    }

    private static void AssertMoments(AffineMap expected, GenerationResult result, double slack = 0) => Moments.AssertEqual(expected, result.Latents, slack);
}
