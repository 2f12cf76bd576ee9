using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// Flux (Black Forest Labs 2024): CLIP's pooled vector, the tokens of T5, a transformer over squares of latents that was trained by flow matching. Its dev
/// model takes the guidance scale as an input, schnell takes none.
/// </summary>
internal sealed class FluxFamily : ModelFamily
{
    private const int TokensOfT5 = 512;
    private const string Transformer = "transformer";
    private const string Scale = "guidance";

    public override IReadOnlyList<string> Classes { get; } = ["FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline"];

    public override IReadOnlyList<string> Components { get; } =
        ["tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", Transformer, "scheduler", .. FolderAutoencoder.Names];

    public override Action<DiffusionPipelineBuilder> Read(FolderReader folder)
    {
        Loading<OnnxNoisePredictor> transformer = folder.NoisePredictor(Transformer);
        Loading<OnnxTextEncoder> clip = folder.RequireTextEncoder("text_encoder", "tokenizer");
        Loading<OnnxTextEncoder> t5 = folder.RequireTextEncoder("text_encoder_2", "tokenizer_2", tokens: TokensOfT5);
        FolderAutoencoder autoencoder = folder.RequireAutoencoder();
        return builder =>
        {
            bool takesScale = transformer.Value.HasInput(Scale);
            builder
                .UseNoisePredictor(folder.Batched(transformer.Value))
                .UseTextEncoders(TextJoins.Flux, [folder.Cached(clip), folder.Cached(t5)])
                .UseConditions(takesScale ? [new GuidanceScaleConditions(Scale)] : [])
                .UseGuidance(new EmbeddedGuidance())
                .UseStrengthRule(StrengthRule.FirstStepsLeftOut)
                .UseDefaults(folder.Defaults(transformer.Value, autoencoder, new GenerationDefaults { Width = 1024, Height = 1024, Steps = takesScale ? 28 : 4, GuidanceScale = 3.5f }, isSizeUsual: true));
            autoencoder.Use(builder);
        };
    }
}
