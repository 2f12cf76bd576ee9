using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// PixArt-α and PixArt-Σ (Chen et al. 2023, arXiv:2310.00426, and 2024, arXiv:2403.04692): T5 with its mask, and a transformer that was trained at the shapes of
/// <see cref="AspectRatioSpace"/>, of which the large α model is told. The variance that it predicts is not used, as in diffusers.
/// </summary>
internal sealed class PixArtFamily : ModelFamily
{
    private const string Transformer = "transformer";
    private const string Sigma = "PixArtSigmaPipeline";

    public override IReadOnlyList<string> Classes { get; } = ["PixArtAlphaPipeline", Sigma];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", Transformer, "scheduler", .. FolderAutoencoder.Names];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> transformer = folder.NoisePredictor(Transformer);
        Loading<OnnxTextEncoder> t5 = folder.RequireTextEncoder("text_encoder", "tokenizer", tokens: folder.Index.IsClass(Sigma) ? 300 : 120, lowercases: true);
        int? trained = UNetConfig.Beside(folder.Index.PathOf(Transformer, "config.json")).SampleSize;
        FolderAutoencoder autoencoder = folder.RequireAutoencoder(space => trained is { } size ? new AspectRatioSpace(space, size * space.DownsamplingFactor) : space);
        return builder =>
        {
            builder
                .UseNoisePredictor(NoisePredictor.WithoutVariance(folder.Batched(transformer.Value)))
                .UseTextEncoder(folder.Cached(t5))
                .UseConditions(transformer.Value.HasInput(ResolutionConditions.Resolution) ? [new ResolutionConditions(autoencoder.Space.DownsamplingFactor)] : [])
                .UseDefaults(folder.Defaults(transformer.Value, autoencoder, new GenerationDefaults { Width = 1024, Height = 1024, Steps = 20, GuidanceScale = 4.5f }));
            autoencoder.Use(builder);
            builder.UseLatentDecoder(new CroppingDecoder(autoencoder.LatentDecoder));
        };
    }
}
