using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Stable Diffusion 3 and 3.5 (Esser et al. 2024, arXiv:2403.03206): two CLIP encoders and, where the folder has it, T5; a transformer that was trained by flow matching.</summary>
internal sealed class StableDiffusion3Family : ModelFamily
{
    private const int TokensOfT5 = 256;
    private const string Transformer = "transformer";

    public override IReadOnlyList<string> Classes { get; } = ["StableDiffusion3Pipeline", "StableDiffusion3Img2ImgPipeline", "StableDiffusion3InpaintPipeline"];

    public override IReadOnlyList<string> Components { get; } =
    [
        "tokenizer", "tokenizer_2", "tokenizer_3", "text_encoder", "text_encoder_2", "text_encoder_3", Transformer, "scheduler", .. FolderAutoencoder.Names,
    ];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> transformer = folder.NoisePredictor(Transformer);
        Loading<OnnxTextEncoder> first = folder.RequireTextEncoder("text_encoder", "tokenizer", ContextLayer.Penultimate);
        Loading<OnnxTextEncoder> second = folder.RequireTextEncoder("text_encoder_2", "tokenizer_2", ContextLayer.Penultimate);
        Loading<OnnxTextEncoder>? t5 = folder.TextEncoder("text_encoder_3", "tokenizer_3", tokens: TokensOfT5);
        FolderAutoencoder autoencoder = folder.RequireAutoencoder();
        return builder =>
        {
            int width = transformer.Value.WidthOf("encoder_hidden_states", "joint_attention_dim");
            builder
                .UseNoisePredictor(folder.Batched(transformer.Value))
                .UseTextEncoders(texts => TextJoins.StableDiffusion3(texts, width), [folder.Cached(first), folder.Cached(second), .. t5 is null ? (ReadOnlySpan<ITextEncoder>)[] : [folder.Cached(t5)]])
                .UseStrengthRule(StrengthRule.FirstStepsLeftOut)
                .UseDefaults(folder.Defaults(transformer.Value, autoencoder, new GenerationDefaults { Width = 1024, Height = 1024, Steps = 28, GuidanceScale = 7 }));
            autoencoder.Use(builder);
        };
    }
}
