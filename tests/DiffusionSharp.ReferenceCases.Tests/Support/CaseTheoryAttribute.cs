namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>A test of a model's requests; skipped where the cases are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CaseTheoryAttribute : TheoryAttribute
{
    public CaseTheoryAttribute(string model)
    {
        if (CaseFolders.Find(model) is null)
        {
            Skip = $"The reference cases of '{model}' are not here; set {CaseFolders.Variable} to their folder.";
        }
    }
}
