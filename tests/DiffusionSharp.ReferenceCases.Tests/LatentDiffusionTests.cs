using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The first latent diffusion model for super-resolution.</summary>
public sealed class LatentDiffusionTests
{
    [CaseTheory("ldmsr")]
    [CaseRequests("ldmsr")]
    public void SuperResolution(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, new GenerationRequest { Parts = [new LowResolution(reference.Recorded("intermediate", "preprocessed")!)] }, tolerance);
    }

    // The steps of these pipelines draw from PyTorch's global generator.
    private static void Same(Case reference, GenerationRequest request, double tolerance)
    {
        request = request with { Parts = [.. request.Parts, .. reference.WholeNumber("global_seed") is { } seed ? (ReadOnlySpan<IRequestPart>)[new StepNoise(seed)] : []] };
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(CaseRun.Filled(reference, request)), tolerance);
    }
}
