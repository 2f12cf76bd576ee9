using System.CommandLine;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Samples;

/// <summary>Which model a sample draws with: the embedded one, unless the command line has another.</summary>
internal static class SampleModel
{
    public static Option<string> Folder { get; } = new("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };

    public static Option<float?> Guidance { get; } = new("--guidance") { Description = "Guidance scale; by default that of the model." };

    /// <summary>Loads it, with 30 steps where a request says none; the embedded model has a number of its own.</summary>
    /// <returns>The pipeline; dispose it.</returns>
    public static DiffusionPipeline Load(ParseResult parsed, OnnxPipelineOptions? options = null)
    {
        string? folder = parsed.GetValue(Folder);
        using DiffusionPipeline loaded = folder is null ? EmojiPipeline.Load(options) : OnnxDiffusionPipeline.Load(folder, options);
        GenerationDefaults defaults = loaded.Defaults with { Steps = folder is null ? loaded.Defaults.Steps : 30, GuidanceScale = parsed.GetValue(Guidance) ?? loaded.Defaults.GuidanceScale };
        return loaded.ToBuilder().UseDefaults(defaults).Build();
    }
}
