using DiffusionSharp.Emoji;

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
        .. GuidanceSnippets.All,
        .. LatentSnippets.All,
        .. NoiseSnippets.All,
        .. OnnxSnippets.All,
        .. ImageSnippets.All,
        .. InpaintingSnippets.All,
        .. ExplainedSnippets.All,
        .. ServingSnippets.All,
    ];

    /// <summary>Puts the embedded model where the snippets expect a model folder.</summary>
    public static async Task CopyModelAsync(string target)
    {
        foreach (string file in Directory.EnumerateFiles(EmojiPipeline.ModelFolder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(EmojiPipeline.ModelFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await using FileStream from = File.OpenRead(file);
            await using FileStream to = File.Create(copy);
            await from.CopyToAsync(to);
        }
    }
}
