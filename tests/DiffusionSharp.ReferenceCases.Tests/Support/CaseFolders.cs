namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// Where the cases lie: small models with random weights, and in <c>requests</c> beside each what the genuine pipelines answer. They are not part
/// of the repository.
/// </summary>
internal static class CaseFolders
{
    /// <summary>Names the folder of the cases.</summary>
    public const string Variable = "DIFFUSIONSHARP_CASES";

    private static readonly string? Root = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : Ancestors.Find(Path.Combine("shared", "cases"));

    /// <summary>The folder of a model; null where the cases are absent.</summary>
    public static string? Find(string model) => Root is { } root && Directory.Exists(Path.Combine(root, model)) ? Path.Combine(root, model) : null;

    /// <summary>The names of a model's requests; none where the cases are absent.</summary>
    public static IEnumerable<string> Requests(string model) => Find(model) is { } folder
        ? Directory.EnumerateFiles(Path.Combine(folder, "requests"), "*.json")
            .Where(path => !path.EndsWith(".scheduler_config.json", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)
        : [];
}
