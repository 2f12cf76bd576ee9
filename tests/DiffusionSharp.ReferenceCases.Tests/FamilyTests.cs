using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Families of models beside Stable Diffusion 1.x and 2.x.</summary>
public sealed class FamilyTests
{
    [CaseTheory("lcm")]
    [CaseRequests("lcm")]
    public void LatentConsistencyModels(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sdxl")]
    [CaseRequests("sdxl")]
    public void Sdxl(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sdxlrefiner")]
    [CaseRequests("sdxlrefiner")]
    public async Task RefinerOfSdxl(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        GenerationResult result = reference.Number("denoising_end_of_base") is { } end ? await HandOver(reference, end) : CaseRun.Generate(reference);
        Comparison.Same(reference, result, tolerance);
    }

    [CaseTheory("sd3")]
    [CaseRequests("sd3")]
    [CaseRequests("sd3", "sd3_no_t5", Skip = "See the folder without T5.")]
    public void StableDiffusion3(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sd3")]
    [CaseRequests("sd3", "sd3_no_t5")]
    public void StableDiffusion3WithoutT5(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(reference.Folder, new OnnxPipelineOptions { LeftOut = ["text_encoder_3"] });
        Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), tolerance);
    }

    [CaseTheory("flux")]
    [CaseRequests("flux")]
    [CaseRequests("fluxschnell")]
    public void Flux(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance, FluxLatents.Pack);
    }

    [CaseTheory("pixart")]
    [CaseRequests("pixart")]
    [CaseRequests("pixart256")]
    public void PixArt(string model, string name, double tolerance) => Same(model, name, tolerance);

    private static void Same(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }

    // The base goes up to a part of the way, the refiner from there; only the base draws noise.
    private static async Task<GenerationResult> HandOver(Case reference, double end)
    {
        var ofBase = CaseRun.Pipeline(Path.GetFullPath(reference.FileAt(reference.Text("base_model")!)));
        Cascade cascade = Cascade
            .Start(ofBase, request => request with { Range = new ScheduleRange(0, end), Decodes = false })
            .Then(CaseRun.Pipeline(reference.Folder), state => state.Request with { Range = new ScheduleRange(reference.Number("denoising_start")!.Value, 1), InitialLatents = state.Result.Latents });
        return await cascade.GenerateAsync(CaseRun.Request(reference));
    }
}
