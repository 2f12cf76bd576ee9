using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Noise;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The first latent diffusion models: prompts, with a KL autoencoder and with a codebook, and super-resolution.</summary>
public sealed class LatentDiffusionTests
{
    [CaseTheory("ldmtext")]
    [CaseRequests("ldmtext")]
    [CaseRequests("ldmtextvq")]
    public void OfPrompts(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, CaseRun.Pipeline(reference.Folder), new TextToImageRequest(""), tolerance);
    }

    [CaseTheory("ldmtext")]
    [CaseRequests("ldmtext")]
    public void OfPrompts_from_safetensors(string model, string name, double tolerance)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Same(Case.Load(model, name), pipeline, new TextToImageRequest(""), tolerance);
    }

    [CaseTheory("ldmsr")]
    [CaseRequests("ldmsr")]
    public void SuperResolution(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, CaseRun.Pipeline(reference.Folder), new GenerationRequest { Parts = [new LowResolution(reference.Recorded("intermediate", "preprocessed")!)] }, tolerance);
    }

    // The steps of these pipelines draw from PyTorch's global generator.
    private static void Same(Case reference, DiffusionPipeline pipeline, GenerationRequest request, double tolerance)
    {
        request = request with { Parts = [.. request.Parts, .. reference.WholeNumber("global_seed") is { } seed ? (ReadOnlySpan<IRequestPart>)[new StepNoise(seed)] : []] };
        Comparison.Same(reference, pipeline.Generate(CaseRun.Filled(reference, request)), tolerance);
    }
}
