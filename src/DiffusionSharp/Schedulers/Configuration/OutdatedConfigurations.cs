namespace DiffusionSharp.Schedulers;

/// <summary>
/// Corrects the configurations that Stable Diffusion 1.x was published with, which count timesteps one too low, clip latents, or begin
/// with steps that inpainting cannot take. The constructors of diffusers' pipelines do the same.
/// </summary>
internal static class OutdatedConfigurations
{
    private static readonly (string Key, string Json) Offset = ("steps_offset", "1");
    private static readonly (string Key, string Json) NoClipping = ("clip_sample", "false");
    private static readonly (string Key, string Json) NoRungeKutta = ("skip_prk_steps", "true");

    private static readonly Dictionary<string, (string Key, string Json)[]> ByPipeline = new(StringComparer.Ordinal)
    {
        ["StableDiffusionPipeline"] = [Offset, NoClipping],
        ["StableDiffusionImg2ImgPipeline"] = [Offset, NoClipping],
        ["StableDiffusionInpaintPipeline"] = [Offset, NoRungeKutta],
        ["StableDiffusionInpaintPipelineLegacy"] = [Offset, NoClipping],
        ["StableDiffusionPipelineSafe"] = [Offset, NoClipping],
        ["OnnxStableDiffusionPipeline"] = [Offset, NoClipping],
        ["OnnxStableDiffusionImg2ImgPipeline"] = [Offset, NoClipping],
        ["OnnxStableDiffusionInpaintPipeline"] = [Offset, NoClipping],
        ["AltDiffusionPipeline"] = [Offset, NoClipping],
        ["AltDiffusionImg2ImgPipeline"] = [Offset, NoClipping],
        ["CycleDiffusionPipeline"] = [Offset],
    };

    /// <summary>Corrects what the pipeline of this class would; optimum's, which begin with ORT, are diffusers' own underneath.</summary>
    public static void Correct(SchedulerConfigReader reader, string? pipelineClass)
    {
        string name = pipelineClass?.StartsWith("ORT", StringComparison.Ordinal) == true ? pipelineClass[3..] : pipelineClass ?? "";
        foreach ((string key, string json) in ByPipeline.GetValueOrDefault(name, []))
        {
            reader.Correct(key, json);
        }
    }
}
