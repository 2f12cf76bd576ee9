using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Snippets;

/// <summary>What the snippets find when they run, and their list.</summary>
internal static class Setup
{
    public static IReadOnlyList<(string Name, Func<Task> Run)> All { get; } =
    [
        .. ReadmeSnippets.All,
        .. PipelineSnippets.All,
        .. TextSnippets.All,
        .. PredictorSnippets.All,
        .. SchedulerSnippets.All,
        .. ConditionSnippets.All,
        .. GuidanceSnippets.All,
        .. LatentSnippets.All,
        .. NoiseSnippets.All,
        .. OnnxSnippets.All,
        .. DiffusersSnippets.All,
        .. ImageSnippets.All,
        .. InpaintingSnippets.All,
        .. ExplainedSnippets.All,
        .. ServingSnippets.All,
        .. HostingSnippets.All,
        .. ServerSnippets.All,
        .. ExtensionsAISnippets.All,
        .. FarmSnippets.All,
    ];

    /// <summary>The model of 64x64 pixels, which draws other sizes, too.</summary>
    public static DiffusionPipeline SmallEmoji() =>
        OnnxDiffusionPipeline.Load("companions/emoji-64");

    /// <summary>Puts models where the snippets expect them.</summary>
    public static async Task CopyAsync(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await using FileStream from = File.OpenRead(file);
            await using FileStream to = File.Create(copy);
            await from.CopyToAsync(to);
        }
    }
}
