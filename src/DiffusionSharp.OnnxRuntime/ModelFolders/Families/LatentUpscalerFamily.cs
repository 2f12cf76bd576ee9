using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Stable Diffusion's latent upscaler, which doubles latents: shown beside the sample, with the pooled prompt, by a network in the terms of Karras et al. 2022 (arXiv:2206.00364).</summary>
internal sealed class LatentUpscalerFamily : ModelFamily
{
    private const int Times = 2;

    // Fourier features of the noise level of the small latents, which are not noised: cosines of 0 and sines of 0.
    private const int NoiseFeatures = 64;

    public override IReadOnlyList<string> Classes { get; } = ["StableDiffusionLatentUpscalePipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", .. FolderAutoencoder.Names];

    public override bool EnlargesPictures(FolderIndex index) => true;

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> unet = folder.NoisePredictor("unet");
        Loading<OnnxTextEncoder> text = folder.RequireTextEncoder("text_encoder", "tokenizer", ContextLayer.LastAsItIs);
        FolderAutoencoder autoencoder = folder.RequireAutoencoder(space => new UpscaledSpace(space, Times));
        return builder =>
        {
            autoencoder.Use(builder);
            builder
                .UseNoisePredictor(new DenoisedPredictor(folder.Batched(unet.Value)))
                .UseTextEncoders(static texts => WithNoiseFeatures(texts[0]), folder.Cached(text))
                .UseConditions(new LowResolutionConditions(Resampling.Nearest) { ShowsLatents = true, DrawsBeforeInitialNoise = true })
                .UseGuidance(new EmptyAtZeroGuidance())
                .UseDefaults(folder.Defaults(unet.Value, autoencoder, new GenerationDefaults { Steps = 75, GuidanceScale = 9 }));
        };
    }

    private static Conditioning WithNoiseFeatures(Conditioning text)
    {
        Tensor<float> pooled = text[ConditionNames.Pooled]?.Values ?? throw new InvalidOperationException("The text encoder gives no pooled vector, which a latent upscaler takes.");
        (int rows, int length) = ((int)pooled.Lengths[0], (int)pooled.Lengths[1]);
        var features = new float[rows * ((2 * NoiseFeatures) + length)];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = features.AsSpan(i * features.Length / rows, features.Length / rows);
            row[..NoiseFeatures].Fill(1);
            pooled.Values().Slice(i * length, length).CopyTo(row[(2 * NoiseFeatures)..]);
        }

        return text.Without(ConditionNames.Pooled).With("timestep_cond", Tensor.Create(features, [rows, features.Length / rows]));
    }
}
