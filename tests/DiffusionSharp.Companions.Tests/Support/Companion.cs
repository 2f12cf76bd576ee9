using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>The folders of the companions, by names such as <c>emoji-upscaler</c>.</summary>
internal static class Companion
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "companions");

    /// <summary>Every companion's <c>model.onnx</c>, relative to <see cref="Root"/>; not those of the model whose parts some of them use.</summary>
    public static IEnumerable<string> Models => Files("model.onnx").Where(path => !path.StartsWith("emoji-64/", StringComparison.Ordinal));

    public static string PathOf(string name, params ReadOnlySpan<string> parts) => Path.Combine([Root, name, .. parts]);

    /// <summary>The model of 64x64 pictures, whose parts some companions use; dispose it.</summary>
    public static DiffusionPipeline SmallEmoji() =>
        OnnxDiffusionPipeline.Load(PathOf("emoji-64"));

    public static OnnxNoisePredictor Predictor(string name) => new(PathOf(name, "unet", "model.onnx"));

    public static IScheduler Scheduler(string name) => SchedulerConfig.Load(PathOf(name, "scheduler", "scheduler_config.json"));

    /// <summary>Files of a name, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Files(string name) =>
        Directory.EnumerateFiles(Root, name, SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
