using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Snippets;

internal static class GuidanceSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("guidance-sweep", Sweep), ("own-guidance", OwnGuidance)];

    private static async Task Sweep()
    {
        #region guidance-sweep
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var pictures = new List<GeneratedImage>();
        foreach (float scale in (float[])[1, 2, 3, 4, 6, 9, 14, 20])
        {
            var request = new TextToImageRequest("a red apple") { GuidanceScale = scale, Seed = 1 };
            pictures.Add((await pipeline.GenerateAsync(request)).Images[0]);
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: pictures.Count);
        sheet.SaveAsPng("guidance.png");
        #endregion
    }

    private static async Task OwnGuidance()
    {
        const string folder = "models/my-model";
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new OnnxTextEncoder($"{folder}/text_encoder/model.onnx", ClipTokenizer.Load($"{folder}/tokenizer")))
            .UseNoisePredictor(new OnnxNoisePredictor($"{folder}/unet/model.onnx"))
            .UseLatentDecoder(new OnnxLatentDecoder($"{folder}/vae_decoder/model.onnx"))
            .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion))
            .UseGuidance(new IntervalGuidance(200, 800))
            .UseDefaults(EmojiPipeline.Defaults)
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        result.Images[0].SaveAsPng("interval.png");
    }

    #region own-guidance
    /// <summary>Guidance at a range of timesteps only (Kynkäänniemi et al. 2024, arXiv:2404.07724).</summary>
    private sealed class IntervalGuidance(double from, double to) : IGuidance
    {
        private readonly ClassifierFreeGuidance _everywhere = new();

        public bool NeedsUnconditional(float scale) => _everywhere.NeedsUnconditional(scale);

        public IGuidanceRun Start(INoisePredictor predictor, GuidancePlan plan) => new Run(_everywhere.Start(predictor, plan), from, to);

        private sealed class Run(IGuidanceRun run, double from, double to) : IGuidanceRun
        {
            private bool _isInside;

            public Span<float> Sample => run.Sample;

            public int EvaluationsPerStep => run.EvaluationsPerStep;

            public GuidedPrediction Prediction => _isInside ? run.Prediction : new GuidedPrediction(run.Prediction.Conditional);

            public void Predict(double timestep)
            {
                _isInside = timestep >= from && timestep <= to;
                run.Predict(timestep);
            }

            public void Finish() => run.Finish();

            public void Dispose() => run.Dispose();
        }
    }
    #endregion
}
