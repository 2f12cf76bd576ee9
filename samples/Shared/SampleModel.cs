using System.CommandLine;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Samples;

/// <summary>Which model a sample draws with: the embedded one, unless the command line has another.</summary>
internal static class SampleModel
{
    public static Option<string> Folder { get; } = new("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };

    public static Option<float?> Guidance { get; } = new("--guidance") { Description = "Guidance scale; by default that of the model." };

    /// <summary>Loads it.</summary>
    /// <returns>The pipeline; dispose it.</returns>
    public static DiffusionPipeline Load(ParseResult parsed, OnnxPipelineOptions? options = null)
    {
        string? folder = parsed.GetValue(Folder);
        using DiffusionPipeline loaded = folder is null ? EmojiPipeline.Load(options) : OnnxDiffusionPipeline.Load(folder, options);
        return loaded.ToBuilder().UseDefaults(loaded.Defaults with { GuidanceScale = parsed.GetValue(Guidance) ?? loaded.Defaults.GuidanceScale }).Build();
    }
}
