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
            .UseGuidance(new IntervalGuidance(new ClassifierFreeGuidance(), 200, 800))
            .UseDefaults(EmojiPipeline.Defaults)
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        result.Images[0].SaveAsPng("interval.png");
    }

    #region own-guidance
    /// <summary>Another guidance at a range of timesteps only (Kynkäänniemi et al. 2024, arXiv:2404.07724); outside of it the conditional prediction alone.</summary>
    private sealed class IntervalGuidance(IGuidance guidance, double from, double to) : IGuidance
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

            private bool IsInside(in StepPoint at) => at.Level.Timestep >= from && at.Level.Timestep <= to;
        }
    }
    #endregion
}
