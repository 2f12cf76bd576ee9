using System.Text.Json;

namespace DiffusionSharp.Tests.Text;

/// <summary>Model folders with random weights and what the genuine pipelines made of requests; too large for the repository, <c>shared/cases</c> beside it.</summary>
internal static class SharedCases
{
    /// <summary>The folder of all of them; null where it is not there.</summary>
    public static string? Folder { get; } = Ancestors.Find(Path.Combine("shared", "cases"));

    /// <summary>The requests of a folder of models.</summary>
    public static IEnumerable<JsonElement> Requests(string family) =>
        Directory.GetFiles(Path.Combine(Folder!, family, "requests"), "*.json").Select(path => JsonElement.Parse(File.ReadAllText(path)));
}

/// <summary>A test that needs the reference cases; skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedCasesTheoryAttribute : TheoryAttribute
{
    public SharedCasesTheoryAttribute()
    {
        if (SharedCases.Folder is null)
        {
            Skip = "There are no reference cases in shared/cases beside the repository.";
        }
    }
}
