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
        "StableDiffusionPipelineSafe", "StableDiffusionUpscalePipeline",
    ];

    public override IReadOnlyList<string> Components { get; } = ["tokenizer", "text_encoder", "unet", "scheduler", .. FolderAutoencoder.Names];

    // The last one is for requests that bring the small picture themselves.
    public override IReadOnlyList<string> Dispensable { get; } = ["safety_checker", "feature_extractor", "image_encoder", "watermarker", "low_res_scheduler"];

    protected override LatentSpace? UsualSpace(FolderIndex index) =>
        index.PipelineClass!.StartsWith(OldExports, StringComparison.Ordinal) ? new LatentSpace { Scale = ScaleOfVersion1 } : null;
}
