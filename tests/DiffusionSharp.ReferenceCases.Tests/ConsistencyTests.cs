using DiffusionSharp.Diffusers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Consistency models of a class, in one step and in several.</summary>
public sealed class ConsistencyTests
{
    [CaseTheory("consistency")]
    [CaseRequests("consistency")]
    public void OfAClass(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, CaseRun.Pipeline(reference.Folder), tolerance);
    }

    [CaseTheory("consistency")]
    [CaseRequests("consistency")]
    public void OfAClass_from_safetensors(string model, string name, double tolerance)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Same(Case.Load(model, name), pipeline, tolerance);
    }

    private static void Same(Case reference, DiffusionPipeline pipeline, double tolerance) =>
        Comparison.Same(reference, pipeline.Generate(CaseRun.Filled(reference, new GenerationRequest())), tolerance);
}
