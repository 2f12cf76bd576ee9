namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Where the models of the cases lie as safetensors. They are not part of the repository.</summary>
internal static class WeightFolders
{
    /// <summary>Names the folder of the weights.</summary>
    public const string Variable = "DIFFUSIONSHARP_WEIGHTS";

    private static readonly string? Root = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : Ancestors.Find(Path.Combine("shared", "weights"));

    /// <summary>A folder of them; null where they are absent.</summary>
    public static string? Find(string name) => Root is { } root && Directory.Exists(Path.Combine(root, name)) ? Path.Combine(root, name) : null;

    /// <summary>The folder of a case whose weights were taken out of its ONNX files; it is in the repository.</summary>
    public static string MadeOf(string model) => Path.Combine(AppContext.BaseDirectory, "published", model);
}

/// <summary>A test of models as safetensors; skipped where they or the cases are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WeightsTheoryAttribute : TheoryAttribute
{
    public WeightsTheoryAttribute()
    {
        if (WeightFolders.Find("sd1") is null || CaseFolders.Find("sd1") is null)
        {
            Skip = $"The models as safetensors, or their reference cases, are not here; set {WeightFolders.Variable} and {CaseFolders.Variable} to their folders.";
        }
    }
}
