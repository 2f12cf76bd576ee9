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
    public static (string, Func<Task>)[] All { get; } = [("guidance-sweep", Sweep), ("guidances", Guidances), ("autoguidance", Worse), ("own-guidance", OwnGuidance)];

    private static async Task Sweep()
    {
        #region guidance-sweep
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var pictures = new List<GeneratedImage>();
        foreach (float scale in (float[])[1, 1.5f, 2, 3, 4, 6, 9, 14])
        {
            var request = new TextToImageRequest("fruit") { GuidanceScale = scale, Seed = 1 };
            pictures.Add((await pipeline.GenerateAsync(request)).Images[0]);
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: pictures.Count);
        sheet.SaveAsPng("guidance.png");
        #endregion
    }

    private static async Task Guidances()
    {
        #region guidances
        using DiffusionPipeline emoji = EmojiPipeline.Load();

        // Rescaled, in the first 80 % of the steps, with a scale that falls from the request's to half of it.
        IGuidance guidance = new RescaledGuidance(new ClassifierFreeGuidance(), strength: 0.7);
        guidance = new IntervalGuidance(guidance, start: 0, stop: 0.8);
        guidance = new ScheduledGuidance(guidance, static (at, scale) => scale * (1 - (0.5 * at.Step / at.StepCount)));

        using DiffusionPipeline pipeline = emoji.ToBuilder().UseGuidance(guidance).Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { GuidanceScale = 8, Seed = 1 });
        result.Images[0].SaveAsPng("guided.png");
        #endregion
    }

    private static async Task Worse()
    {
        using DiffusionPipeline emoji = EmojiPipeline.Load();
        #region autoguidance
        using var smaller = new OnnxNoisePredictor("models/my-model/unet/model.onnx");
        var worse = new GuidanceTerm("smaller network") { Predictor = smaller };
        using DiffusionPipeline pipeline = emoji.ToBuilder().UseGuidance(new AutoGuidance(new ClassifierFreeGuidance(), worse, scale: 1)).Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #endregion
        Console.WriteLine($"{result.Timings.EvaluationsPerImage} evaluations");
    }

    private static async Task OwnGuidance()
    {
        const string folder = "models/my-model";
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new OnnxTextEncoder($"{folder}/text_encoder/model.onnx", ClipTokenizer.Load($"{folder}/tokenizer")))
            .UseNoisePredictor(new OnnxNoisePredictor($"{folder}/unet/model.onnx"))
            .UseLatentDecoder(new OnnxLatentDecoder($"{folder}/vae_decoder/model.onnx"))
            .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion))
            .UseGuidance(new NoiseRangeGuidance(new ClassifierFreeGuidance(), 0.3, 5))
            .UseDefaults(EmojiPipeline.Defaults)
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        result.Images[0].SaveAsPng("noise-range.png");
    }

    #region own-guidance
    /// <summary>Another guidance where the noise is between two levels, σ/α of the sample (Kynkäänniemi et al. 2024, arXiv:2404.07724); elsewhere the conditional prediction alone.</summary>
    private sealed class NoiseRangeGuidance(IGuidance guidance, double from, double to) : IGuidance
    {
        public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => guidance.Terms(scales, schedulerNeedsUnconditional);

        public IGuidanceRun Start(GuidancePlan plan) => new Run(guidance.Start(plan), from, to);

        private sealed class Run(IGuidanceRun guidance, double from, double to) : DelegatingGuidanceRun(guidance)
        {
            public override bool Needs(int term, in StepPoint at) => IsInside(at) && Inner.Needs(term, at);

            public override void Combine(in StepPoint at, TermPredictions predictions)
            {
                if (IsInside(at))
                {
                    Inner.Combine(at, predictions);
                }
            }

            private bool IsInside(in StepPoint at) => at.Level.Sigma > from * at.Level.Alpha && at.Level.Sigma <= to * at.Level.Alpha;
        }
    }
    #endregion
}
