using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Noise levels and time shifts of a request reach the scheduler.</summary>
public class OwnNoiseLevelTests
{
    private static readonly SampleShape One = new(1, 1, 1, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sigmas_are_those_that_the_scheduler_steps_through(bool inLog)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        var euler = new EulerScheduler(new EulerOptions { InterpolatesInLog = inLog });
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseScheduler(euler).Build();
        double[] sigmas = [12, 5, 1.5, 0.2];
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Sigmas = sigmas, Steps = 20, Seed = 1 });
        Assert.Equal(4, result.Timings.Steps);
        Assert.Equal(4, result.Images[0].Request.Steps);
        var run = (ISigmaRun)euler.Start(new SamplingPlan(4, One) { Sigmas = sigmas });
        Assert.Equal(run.Timesteps, predictor.Timesteps);
        Assert.Equal([12f, 5f, 1.5f, 0.2f, 0], run.Sigmas.Select(s => (float)s));

        Toy.AssertSamePixels(result.Images[0], pipeline.Generate(result.Images[0].Request).Images[0]);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.15)]
    public void Mu_shifts_the_noise_levels_of_flow_matching(double mu)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseScheduler(new FlowMatchEulerScheduler(new FlowMatchEulerOptions { DynamicShift = new DynamicShift() })).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { Sigmas = [1, 0.75, 0.5, 0.25], Mu = mu, Seed = 1 });

        // Esser et al. 2024, arXiv:2403.03206, with shift exp(μ); timesteps are 1000·σ.
        double shift = Math.Exp(mu);
        Assert.All(new[] { 1, 0.75, 0.5, 0.25 }.Zip(predictor.Timesteps), pair => Assert.Equal(1000 * shift * pair.First / (1 + ((shift - 1) * pair.First)), pair.Second, 1e-3));
    }
}
