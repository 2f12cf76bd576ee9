using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class SchedulerSnippets
{
    public static (string, Func<Task>)[] All { get; } =
    [
        ("schedules", Schedules), ("swap-scheduler", SwapScheduler), ("scheduler-options", Options), ("scheduler-config", Config),
        ("own-timesteps", OwnTimesteps), ("own-sigmas", OwnSigmas), ("loop-by-hand", LoopByHand), ("own-scheduler", OwnScheduler),
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
        DiscreteSchedulerOptions trained = ((IDiscreteScheduler)pipeline.Scheduler!).Options;
        IScheduler[] schedulers =
        [
            new DdpmScheduler(DdpmOptions.From(trained)),
            new DdimScheduler(DdimOptions.From(trained) with { Eta = 0.5 }),
            new EulerScheduler(EulerOptions.From(trained) with { SigmaSpacing = SigmaSpacing.Karras }),
            Samplers.ByName("DPM++ 2M Karras", trained),
        ];

        foreach (IScheduler scheduler in schedulers)
        {
            var request = new TextToImageRequest("a red apple") { Steps = 25, Seed = 1 };
            using DiffusionPipeline other = pipeline.WithScheduler(scheduler);
            GenerationResult result = await other.GenerateAsync(request);
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
        using var logger = new StandardErrorLogging();
        #region scheduler-config
        IScheduler scheduler = SchedulerConfig.Load("models/my-model/scheduler/scheduler_config.json", logger: logger);
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
        using DiffusionPipeline pipeline = trained.WithScheduler(new EulerScheduler(EulerOptions.From(((IDiscreteScheduler)trained.Scheduler!).Options)));
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
            model.Predict(new StepPoint { Level = steps.LevelAt(i), Call = i, CallCount = steps.CallCount, Step = steps.StepOf(i), StepCount = 20 });
            steps.Step(i, new GuidedPrediction(model.Prediction), sample, sample, noise);
        }
        #endregion
        Console.WriteLine(TensorPrimitives.StdDev<float>(sample));
        return Task.CompletedTask;
    }

    private static async Task OwnScheduler()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var scheduler = new QuadraticScheduler(((IDiscreteScheduler)pipeline.Scheduler!).Options);
        using DiffusionPipeline quadratic = pipeline.WithScheduler(scheduler);
        GenerationResult result = await quadratic.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 20, Seed = 1 });
        result.Images[0].SaveAsPng("quadratic.png");
    }

    #region own-scheduler
    /// <summary>DDIM over timesteps that lie closer together near the picture (the quadratic spacing of Song et al. 2021, arXiv:2010.02502).</summary>
    private sealed class QuadraticScheduler(DiscreteSchedulerOptions model) : Scheduler<DiscreteSchedulerOptions>(model, "quadratic DDIM")
    {
        protected override SchedulerRun Begin(SamplingPlan plan)
        {
            int trainingTimesteps = Options.Schedule.TrainingTimesteps;
            var levels = new NoiseLevel[plan.Steps];
            for (int i = 0; i < levels.Length; i++)
            {
                int timestep = (int)(Math.Pow(1 - ((double)i / plan.Steps), 2) * (trainingTimesteps - 1));
                double alpha = Math.Sqrt(Options.Schedule.AlphaBar[timestep]);
                double sigma = Math.Sqrt(1 - Options.Schedule.AlphaBar[timestep]);
                StepCoefficients original = StepCoefficients.ForOriginal(Options.PredictionType, alpha, sigma);
                levels[i] = new NoiseLevel
                {
                    Timestep = timestep,
                    Alpha = alpha,
                    Sigma = sigma,
                    InputScale = 1,
                    FromInput = original.ModelFromSample,
                    FromPrediction = original.ModelFromPrediction,
                };
            }

            return new Run(levels, new StepKernel(plan.Shape, Options.Clipping), trainingTimesteps);
        }

        private sealed class Run(NoiseLevel[] levels, StepKernel kernel, int trainingTimesteps) : SchedulerRun(levels, kernel, trainingTimesteps)
        {
            public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
            {
                NoiseLevel now = LevelAt(call);
                (double alpha, double sigma) = call + 1 < CallCount ? (LevelAt(call + 1).Alpha, LevelAt(call + 1).Sigma) : (1, 0);

                // x' = α'·x_0 + σ'·ε with ε = (x - α·x_0)/σ, as weights of x and of m, which is x_0.
                double share = sigma / now.Sigma;
                var step = new StepCoefficients
                {
                    ModelFromSample = now.FromInput,
                    ModelFromPrediction = now.FromPrediction,
                    FromSample = share,
                    FromModel = alpha - (share * now.Alpha),
                };
                Kernel.Step(step, prediction, sample, noise: [], destination);
            }
        }
    }
    #endregion
}
