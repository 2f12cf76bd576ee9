using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The first latent diffusion model for super-resolution (Rombach et al. 2022, arXiv:2112.10752, section 4.4): the small picture lies beside latents of
/// its own size, which are not scaled, and what the network is shown is scaled as a whole.
/// </summary>
internal sealed class LatentSuperResolutionFamily : ModelFamily
{
    public override IReadOnlyList<string> Classes { get; } = ["LDMSuperResolutionPipeline"];

    public override IReadOnlyList<string> Components { get; } = ["unet", "scheduler", .. FolderAutoencoder.Names];

    public override bool EnlargesPictures(FolderIndex index) => true;

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        FolderAutoencoder autoencoder = folder.RequireAutoencoder(space => new UpscaledSpace(space with { Scale = 1 }, space.DownsamplingFactor));
        return builder =>
        {
            autoencoder.Use(builder);
            builder
                .UseNoisePredictor(new ScaledConcatenation(folder.Batched(unet.Value)))
                .UseConditions(new LowResolutionConditions())
                .UseDefaults(folder.Defaults(unet.Value, autoencoder, new GenerationDefaults { Steps = 100 }));
        };
    }
}
