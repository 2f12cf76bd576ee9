using DiffusionSharp.Diffusers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// Models that diffuse pixels, or latents without any condition. Where a tolerance is wide, the genuine pipeline itself moves as much when its
/// input changes by a millionth.
/// </summary>
public sealed class PixelTests
{
    [CaseTheory("pixel")]
    [CaseRequests("pixel")]
    [CaseRequests("pixeltame")]
    [CaseRequests("pixelclass")]
    [CaseRequests("pixelvar")]
    [CaseRequests("pixel", "ddim_20_eta0.0_steps", Tolerance = 1e-2)]
    [CaseRequests("pixel", "ddim_50_eta", Tolerance = 0.1)]
    public void Unconditional(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }

    [CaseTheory("pixel")]
    [CaseRequests("pixel")]
    [CaseRequests("pixelclass")]
    [CaseRequests("pixel", "ddim_20_eta0.0_steps", Tolerance = 1e-2)]
    [CaseRequests("pixel", "ddim_50_eta", Tolerance = 0.1)]
    public void Unconditional_from_safetensors(string model, string name, double tolerance) => SameFromSafetensors(model, name, tolerance);

    [CaseTheory("ldmvq")]
    [CaseRequests("ldmvq")]
    public void LatentsOfACodebook(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Generate(reference), tolerance);
    }

    [CaseTheory("ldmvq")]
    [CaseRequests("ldmvq")]
    public void LatentsOfACodebook_from_safetensors(string model, string name, double tolerance) => SameFromSafetensors(model, name, tolerance);

    private static void SameFromSafetensors(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Comparison.Same(reference, pipeline.Generate(CaseRun.Request(reference)), tolerance);
    }
}
