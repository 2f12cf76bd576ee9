using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class PredictorSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("from-function", FromFunction), ("own-predictor", OwnPredictor), ("predictor-decorator", Decorator), ("windows", Windows), ("cached-steps", CachedSteps)];

    private static async Task FromFunction()
    {
        #region from-function
        // Data that is one gray value everywhere: then ε = (x_t - sqrt(ᾱ)·x_0) / sqrt(1-ᾱ) exactly.
        NoiseSchedule schedule = NoiseSchedule.Linear();
        const float gray = 0.5f;
        INoisePredictor predictor = NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            float alphaBar = schedule.AlphaBar[(int)timestep];
            TensorPrimitives.Subtract(sample, MathF.Sqrt(alphaBar) * gray, prediction);
            TensorPrimitives.Divide(prediction, MathF.Sqrt(1 - alphaBar), prediction);
        });

        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(predictor)
            .UseScheduler(new DdimScheduler(new DdimOptions { Schedule = schedule }))
            .UsePixelSpace()
            .UseDefaults(new GenerationDefaults { Width = 32, Height = 32, Steps = 20 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Seed = 1 });
        #endregion
        Console.WriteLine(result.Images[0].Pixels.Values()[0]);
        result.Images[0].SaveAsPng("gray.png");
    }

    private static async Task Windows()
    {
        #region windows
        using DiffusionPipeline pipeline = EmojiPipeline.Load();

        // Pictures of 128 pixels are what the model was trained at; a latent is 8x8 of them.
        var windows = new WindowOptions(size: 16) { WrapsHorizontally = true };
        using DiffusionPipeline wide = pipeline.ToBuilder()
            .UseNoisePredictor(new WindowedNoisePredictor(pipeline.NoisePredictor!, windows, leaveOpen: true))
            .Build();
        GenerationResult result = await wide.GenerateAsync(new TextToImageRequest("a house on a teal background") { Width = 640, Height = 128, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("windows.png");
    }

    private static async Task OwnPredictor()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(new UnitNormalPredictor())
            .UseScheduler(new DdimScheduler())
            .UsePixelSpace()
            .UseDefaults(new GenerationDefaults { Width = 32, Height = 32, Steps = 20 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Seed = 1 });
        Console.WriteLine(TensorPrimitives.StdDev(result.Images[0].Pixels.Values()));
    }

    private static async Task Decorator()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(new TwoExperts(new UnitNormalPredictor(), new UnitNormalPredictor(), boundary: 200))
            .UseScheduler(new DdimScheduler())
            .UsePixelSpace()
            .UseDefaults(new GenerationDefaults { Width = 32, Height = 32, Steps = 20 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Seed = 1 });
        Console.WriteLine($"{result.Timings.EvaluationsPerImage} evaluations");
    }

    private static async Task CachedSteps()
    {
        #region cached-steps
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { CachedSteps = new CachedStepsOptions { Threshold = 0.1 } });
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        Console.WriteLine($"{result.Timings.EvaluationsPerImage} evaluations instead of 20");
        #endregion
    }

    #region own-predictor
    /// <summary>The best predictor for data that is unit normal noise itself: ε = sqrt(1-ᾱ)·x_t.</summary>
    private sealed class UnitNormalPredictor : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(plan);

        private sealed class Run(PredictionPlan plan) : StatelessPredictionRun(plan.Shape)
        {
            // Allocated once per generation, so that a step allocates nothing.
            private readonly float[] _sample = new float[plan.Shape.Length];
            private readonly float[] _prediction = new float[plan.Shape.Length];

            public override Span<float> Sample => _sample;

            public override Span<float> Prediction => _prediction;

            public override void Predict(in StepPoint at)
            {
                plan.CancellationToken.ThrowIfCancellationRequested();
                TensorPrimitives.Multiply(_sample, (float)at.Level.Sigma, _prediction);
                Evaluations++;
            }

            // It knows no conditions.
            public override void SetConditions(Conditioning conditioning)
            {
            }
        }
    }
    #endregion
}
