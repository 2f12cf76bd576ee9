namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// Where the cases lie: small models with random weights, and in <c>requests</c> beside each what the genuine pipelines answer. A part of them is
/// in the repository, made by eng/fixtures/copy_reference_cases.py; where all are, these are taken.
/// </summary>
internal static class CaseFolders
{
    /// <summary>Names the folder of all cases.</summary>
    public const string Variable = "DIFFUSIONSHARP_CASES";

    private static readonly string?[] Roots =
    [
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : Ancestors.Find(Path.Combine("shared", "cases")),
        Ancestors.Find(Path.Combine("tests", "DiffusionSharp.ReferenceCases.Tests", "Fixtures")),
    ];

    /// <summary>The folder of a model; null where its cases are absent.</summary>
    public static string? Find(string model) => Roots.OfType<string>().Select(root => Path.Combine(root, model)).FirstOrDefault(Directory.Exists);

    /// <summary>The names of a model's requests; none where its cases are absent.</summary>
    public static IEnumerable<string> Requests(string model) => Find(model) is { } folder
        ? Directory.EnumerateFiles(Path.Combine(folder, "requests"), "*.json")
            .Where(path => !path.EndsWith(".scheduler_config.json", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)
        : [];
}
