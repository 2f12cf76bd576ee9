using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// Upscalers that are shown a noised picture beside the sample, with the level as its class: Stable Diffusion's x4 upscaler, whose latents are as large as
/// the small picture, and such over pixels (Ho et al. 2021, arXiv:2106.15282).
/// </summary>
internal sealed class UpscalerFamily : UNetFamily
{
    private const string NoiseScheduler = "low_res_scheduler";
    private const int UsualNoiseLevel = 20;

    public override IReadOnlyList<string> Classes { get; } = ["StableDiffusionUpscalePipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", NoiseScheduler, .. FolderAutoencoder.Names];

    public override bool EnlargesPictures(FolderIndex index) => true;

    protected override LatentSpace SpaceOf(LatentSpace autoencoder) => new UpscaledSpace(autoencoder, autoencoder.DownsamplingFactor);

    protected override Func<OnnxNoisePredictor, IEnumerable<IConditionEncoder>> Conditions(FolderReader folder, FolderAutoencoder? autoencoder)
    {
        var conditions = new LowResolutionConditions(autoencoder is null ? Resampling.Bilinear : null)
        {
            Augmentation = folder.Augmentation(NoiseScheduler, UsualNoiseLevel, folder.Index.WholeNumber("max_noise_level")),
            DrawsBeforeInitialNoise = true,
        };
        return _ => [conditions];
    }
}
