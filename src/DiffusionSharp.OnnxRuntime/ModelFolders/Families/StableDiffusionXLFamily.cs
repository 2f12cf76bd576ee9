using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// SDXL (Podell et al. 2023, arXiv:2307.01952), Turbo and inpainting models among them, and its refiner: two CLIP encoders, of the refiner the second
/// alone, before their last layers, the second one's pooled vector, and the sizes of the picture.
/// </summary>
internal sealed class StableDiffusionXLFamily : UNetFamily
{
    public override IReadOnlyList<string> Classes { get; } =
    [
        "StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline",
        "StableDiffusionXLControlNetPipeline", "StableDiffusionXLControlNetImg2ImgPipeline", "StableDiffusionXLControlNetInpaintPipeline",
    ];

    public override IReadOnlyList<string> Components { get; } =
        ["tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "unet", "scheduler", FolderControlNets.Name, .. FolderAutoencoder.Names];

    protected override GenerationDefaults UsualRequest(FolderIndex index) => new() { Width = 1024, Height = 1024, GuidanceScale = 5 };

    protected override Action<DiffusionPipelineBuilder> ReadTexts(FolderReader folder)
    {
        Loading<OnnxTextEncoder>? first = folder.TextEncoder("text_encoder", "tokenizer", ContextLayer.Penultimate);
        Loading<OnnxTextEncoder> second = folder.RequireTextEncoder("text_encoder_2", "tokenizer_2", ContextLayer.Penultimate);
        return builder => builder.UseTextEncoders(TextJoins.StableDiffusionXL, [.. first is null ? (ReadOnlySpan<ITextEncoder>)[] : [folder.Cached(first)], folder.Cached(second)]);
    }

    protected override Func<OnnxNoisePredictor, IEnumerable<IConditionEncoder>> Conditions(FolderReader folder, FolderAutoencoder? autoencoder)
    {
        bool zerosNegative = folder.Index.Flag("force_zeros_for_empty_prompt", fallback: true);
        return _ => zerosNegative ? [new ZeroNegativeConditions()] : [];
    }
}
