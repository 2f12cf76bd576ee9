using DiffusionSharp.Conditions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Diffusion transformers over latents, conditioned on a class (Peebles &amp; Xie 2022, arXiv:2212.09748). The class behind the last stands for none.</summary>
internal sealed class DiTFamily : ModelFamily
{
    private const string Network = "transformer";

    public override IReadOnlyList<string> Classes { get; } = ["DiTPipeline"];

    public override IReadOnlyList<string> Components { get; } = [Network, "scheduler", .. FolderAutoencoder.Names];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> transformer = folder.NoisePredictor(Network);
        FolderAutoencoder autoencoder = folder.RequireAutoencoder();
        return builder =>
        {
            int classes = transformer.Value.Classes
                ?? throw new ModelFormatException(transformer.Value.Path, "the config.json beside it does not say how many classes there are: add 'num_embeds_ada_norm'.");
            autoencoder.Use(builder);
            builder
                .UseNoisePredictor(folder.Batched(transformer.Value))
                .UseConditions(new ClassConditions(classes, noClass: classes))
                .UseDefaults(folder.Defaults(transformer.Value, autoencoder, new GenerationDefaults { Steps = 50 }));
        };
    }
}
