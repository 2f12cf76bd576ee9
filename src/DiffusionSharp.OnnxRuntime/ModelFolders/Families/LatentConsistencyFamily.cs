using DiffusionSharp.Guidance;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// Latent consistency models (Luo et al. 2023, arXiv:2310.04378): Stable Diffusion distilled to a few steps, with the guidance scale as an input of
/// the network. Image-to-image takes all steps, on what the strength leaves of the way.
/// </summary>
internal sealed class LatentConsistencyFamily : UNetFamily
{
    public override IReadOnlyList<string> Classes { get; } = ["LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", .. FolderAutoencoder.Names];

    protected override GenerationDefaults UsualRequest(FolderIndex index) => new() { Steps = 4, GuidanceScale = 8.5f };

    protected override void Complete(DiffusionPipelineBuilder builder) => builder.UseGuidance(new EmbeddedGuidance()).UseStrengthRule(StrengthRule.ShorterWay);
}
