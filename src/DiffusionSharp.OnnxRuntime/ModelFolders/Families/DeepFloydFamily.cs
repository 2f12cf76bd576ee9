using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// DeepFloyd IF, the published form of Imagen (Saharia et al. 2022, arXiv:2205.11487): T5, whose prompts are lower-cased, and a UNet over pixels that
/// predicts its variance. Its second stage, <c>IFSuperResolutionPipeline</c>, is shown a small picture, enlarged and noised.
/// </summary>
internal sealed class DeepFloydFamily : UNetFamily
{
    private const string NoiseScheduler = "image_noising_scheduler";
    private const int Tokens = 77;
    private const int UsualNoiseLevel = 250;

    public override IReadOnlyList<string> Classes { get; } = ["IFPipeline", "IFSuperResolutionPipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", NoiseScheduler];

    public override bool EnlargesPictures(FolderIndex index) => index.ClassOf(NoiseScheduler) is not null;

    protected override GenerationDefaults UsualRequest(FolderIndex index) => EnlargesPictures(index)
        ? new() { Width = 256, Height = 256, Steps = 50, GuidanceScale = 4 }
        : new() { Width = 64, Height = 64, Steps = 100, GuidanceScale = 7 };

    protected override Action<DiffusionPipelineBuilder> ReadTexts(FolderReader folder)
    {
        Loading<OnnxTextEncoder>? t5 = folder.TextEncoder("text_encoder", "tokenizer", tokens: Tokens, lowercases: true);
        return builder => _ = t5 is null ? builder : builder.UseTextEncoder(folder.Cached(t5));
    }

    protected override Func<OnnxNoisePredictor, IEnumerable<IConditionEncoder>> Conditions(FolderReader folder, FolderAutoencoder? autoencoder)
    {
        if (!EnlargesPictures(folder.Index))
        {
            return _ => [];
        }

        NoiseAugmentation augmentation = folder.Augmentation(NoiseScheduler, UsualNoiseLevel);
        return _ => [new LowResolutionConditions(Resampling.BilinearCorners) { Augmentation = augmentation }];
    }

    // Half of what goes into the second stage is the small picture, and half of what comes out a variance.
    protected override int PixelChannels(FolderIndex index, OnnxNoisePredictor predictor) => 3;
}
