using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Stable Diffusion 1.x and 2.x (Rombach et al. 2022, arXiv:2112.10752), inpainting models among them: a CLIP encoder, a UNet, an autoencoder.</summary>
internal sealed class StableDiffusionFamily : UNetFamily
{
    // Folders of this class were exported before configurations were, so the constants of Stable Diffusion 1.x are meant.
    private const string OldExports = "OnnxStableDiffusion";
    private const float ScaleOfVersion1 = 0.18215f;

    public override IReadOnlyList<string> Classes { get; } =
    [
        "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline", "StableDiffusionInpaintPipelineLegacy",
        "StableDiffusionPipelineSafe",
        "StableDiffusionControlNetPipeline", "StableDiffusionControlNetImg2ImgPipeline", "StableDiffusionControlNetInpaintPipeline",
    ];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", FolderControlNets.Name, .. FolderAutoencoder.Names];

    protected override LatentSpace? UsualSpace(FolderIndex index) =>
        index.PipelineClass!.StartsWith(OldExports, StringComparison.Ordinal) ? new LatentSpace { Scale = ScaleOfVersion1 } : null;
}
