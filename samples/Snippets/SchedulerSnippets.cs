using System.Numerics.Tensors;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class SchedulerSnippets
{
    public static (string, Func<Task>)[] All { get; } =
    [
        ("schedules", Schedules), ("swap-scheduler", SwapScheduler), ("scheduler-options", Options), ("scheduler-config", Config),
        ("own-timesteps", OwnTimesteps), ("own-sigmas", OwnSigmas), ("loop-by-hand", LoopByHand),
    ];

    private static Task Schedules()
    {
        #region schedules
        NoiseSchedule schedule = NoiseSchedule.ScaledLinear();
        foreach (int t in (int[])[0, 250, 500, 750, 999])
        {
            Console.WriteLine($"t = {t,3}: sqrt(ᾱ) = {Math.Sqrt(schedule.AlphaBar[t]):0.000}, sqrt(1-ᾱ) = {Math.Sqrt(1 - schedule.AlphaBar[t]):0.000}");
        }
        #endregion
        return Task.CompletedTask;
    }

    private static async Task SwapScheduler()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region swap-scheduler
        DiscreteSchedulerOptions trained = ((IDiscreteScheduler)pipeline.Scheduler).Options;
        IScheduler[] schedulers =
        [
            new DdpmScheduler(trained.For<DdpmOptions>()),
            new DdimScheduler(trained.For<DdimOptions>() with { Eta = 0.5 }),
            new EulerScheduler(trained.For<EulerOptions>() with { SigmaSpacing = SigmaSpacing.Karras }),
        ];

        foreach (IScheduler scheduler in schedulers)
        {
            var request = new TextToImageRequest("a red apple") { Steps = 25, Seed = 1 };
            GenerationResult result = await pipeline.WithScheduler(scheduler).GenerateAsync(request);
            result.Images[0].SaveAsPng($"{scheduler}.png");
        }
        #endregion
    }

    private static Task Options()
    {
        #region scheduler-options
        var stableDiffusion15 = new DdimScheduler(DdimOptions.StableDiffusion);
        var stableDiffusion21 = new DdimScheduler(DdimOptions.StableDiffusion with { PredictionType = PredictionType.Velocity });
        var pixels = new DdpmScheduler(new DdpmOptions { Schedule = NoiseSchedule.SquaredCosine(), VarianceType = VarianceType.LearnedRange });
        var fewSteps = new DdimScheduler(DdimOptions.StableDiffusion with { TimestepSpacing = TimestepSpacing.Trailing });
        #endregion
        Console.WriteLine($"{stableDiffusion15} {stableDiffusion21} {pixels} {fewSteps}");
        return Task.CompletedTask;
    }

    private static Task Config()
    {
        #region scheduler-config
        IScheduler scheduler = SchedulerConfig.Load("models/my-model/scheduler/scheduler_config.json", warn: Console.WriteLine);
        Console.WriteLine($"{scheduler}; known: {string.Join(", ", SchedulerConfig.KnownClasses)}");
        #endregion
        return Task.CompletedTask;
    }

    private static async Task OwnTimesteps()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region own-timesteps
        var request = new TextToImageRequest("a red apple") { Timesteps = [961, 881, 801, 701, 601, 501, 401, 301, 201, 121, 61, 1], Seed = 1 };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("own-timesteps.png");
    }

    private static async Task OwnSigmas()
    {
        using DiffusionPipeline trained = EmojiPipeline.Load();
        DiffusionPipeline pipeline = trained.WithScheduler(new EulerScheduler(((IDiscreteScheduler)trained.Scheduler).Options.For<EulerOptions>()));
        #region own-sigmas
        var request = new TextToImageRequest("a red apple") { Sigmas = [14.6, 6.3, 3.8, 2.2, 1.3, 0.86, 0.55, 0.38, 0.23, 0.11], Seed = 1 };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("own-sigmas.png");
    }

    private static Task LoopByHand()
    {
        NoiseSchedule schedule = NoiseSchedule.Linear();
        INoisePredictor predictor = NoisePredictor.FromFunction((x, t, _, prediction) => TensorPrimitives.Multiply(x, MathF.Sqrt(1 - schedule.AlphaBar[(int)t]), prediction));
        #region loop-by-hand
        var scheduler = new DdimScheduler(new DdimOptions { Schedule = schedule, Clipping = SampleClipping.None });
        var shape = new SampleShape(batch: 1, channels: 3, height: 32, width: 32);
        var noise = new TorchCpuNoise(1);

        ISchedulerRun steps = scheduler.Start(new SamplingPlan(Steps: 20, shape));
        using IPredictionRun model = predictor.Start(new PredictionPlan(shape, Conditioning.None));

        var sample = new float[shape.Length];
        noise.Fill(sample);
        TensorPrimitives.Multiply(sample, (float)steps.InitialNoiseScale, sample);
        for (int i = 0; i < steps.CallCount; i++)
        {
            steps.PrepareInput(i, sample, model.Sample, noise);
            model.Predict(steps.LevelAt(i).Timestep);
            steps.Step(i, new GuidedPrediction(model.Prediction), sample, sample, noise);
        }
        #endregion
        Console.WriteLine(TensorPrimitives.StdDev<float>(sample));
        return Task.CompletedTask;
    }
}
