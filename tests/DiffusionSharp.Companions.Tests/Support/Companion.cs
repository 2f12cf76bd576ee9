using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>The folders of the companions, by names such as <c>emoji-upscaler</c>.</summary>
internal static class Companion
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "companions");

    /// <summary>Every <c>model.onnx</c>, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Models => Files("model.onnx");

    public static string PathOf(string name, params ReadOnlySpan<string> parts) => Path.Combine([Root, name, .. parts]);

    public static OnnxNoisePredictor Predictor(string name) => new(PathOf(name, "unet", "model.onnx"));

    public static IScheduler Scheduler(string name) => SchedulerConfig.Load(PathOf(name, "scheduler", "scheduler_config.json"));

    /// <summary>Files of a name, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Files(string name) =>
        Directory.EnumerateFiles(Root, name, SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
