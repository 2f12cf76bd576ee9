using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class PredictorSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("from-function", FromFunction), ("own-predictor", OwnPredictor)];

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

    private static async Task OwnPredictor()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(new UnitNormalPredictor(NoiseSchedule.Linear()))
            .UseScheduler(new DdimScheduler())
            .UsePixelSpace()
            .UseDefaults(new GenerationDefaults { Width = 32, Height = 32, Steps = 20 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Seed = 1 });
        Console.WriteLine(TensorPrimitives.StdDev(result.Images[0].Pixels.Values()));
    }

    #region own-predictor
    /// <summary>The best predictor for data that is unit normal noise itself: ε = sqrt(1-ᾱ)·x_t.</summary>
    private sealed class UnitNormalPredictor(NoiseSchedule schedule) : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(schedule, plan);

        private sealed class Run(NoiseSchedule schedule, PredictionPlan plan) : IPredictionRun
        {
            // Allocated once per generation, so that a step allocates nothing.
            private readonly float[] _sample = new float[plan.Shape.Length];
            private readonly float[] _prediction = new float[plan.Shape.Length];

            public Span<float> Sample => _sample;

            public ReadOnlySpan<float> Prediction => _prediction;

            public void Predict(double timestep)
            {
                plan.CancellationToken.ThrowIfCancellationRequested();
                TensorPrimitives.Multiply(_sample, MathF.Sqrt(1 - schedule.AlphaBar[(int)timestep]), _prediction);
            }

            public void Dispose()
            {
            }
        }
    }
    #endregion
}
