namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Consistency models of a class, in one step and in several.</summary>
public sealed class ConsistencyTests
{
    [CaseTheory("consistency")]
    [CaseRequests("consistency")]
    public void OfAClass(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(CaseRun.Filled(reference, new GenerationRequest())), tolerance);
    }
}
