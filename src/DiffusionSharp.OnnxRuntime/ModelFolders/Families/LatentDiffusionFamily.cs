using DiffusionSharp.Guidance;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The first latent diffusion model of prompts (Rombach et al. 2022, arXiv:2112.10752): a transformer over BERT's tokens, a UNet, an autoencoder with or without a codebook.</summary>
internal sealed class LatentDiffusionFamily : ModelFamily
{
    private const int Tokens = 77;

    public override IReadOnlyList<string> Classes { get; } = ["LDMTextToImagePipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "bert", "unet", "scheduler", .. FolderAutoencoder.Names];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        Loading<OnnxTextEncoder> bert = folder.RequireTextEncoder("bert", "tokenizer", tokens: Tokens);
        FolderAutoencoder autoencoder = folder.RequireAutoencoder();
        return builder =>
        {
            autoencoder.Use(builder);
            builder
                .UseNoisePredictor(folder.Batched(unet.Value))
                .UseTextEncoder(folder.Cached(bert))
                .UseGuidance(new InterpolatingGuidance())
                .UseDefaults(folder.Defaults(unet.Value, autoencoder, new GenerationDefaults { Width = 256, Height = 256, Steps = 50, GuidanceScale = 1 }));
        };
    }
}
