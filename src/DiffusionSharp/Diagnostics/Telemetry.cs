using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionSharp.Diagnostics;

/// <summary>What can be watched, by the names that docs/serving.md lists. Source and meter are named <c>DiffusionSharp</c>.</summary>
internal static class Telemetry
{
    public const string Scheduler = "diffusionsharp.scheduler";
    public const string Steps = "diffusionsharp.steps";
    public const string Count = "diffusionsharp.count";
    public const string Width = "diffusionsharp.width";
    public const string Height = "diffusionsharp.height";
    public const string Stage = "diffusionsharp.stage";
    public const string ErrorType = "error.type";

    private const string Name = "DiffusionSharp";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Histogram<double> Generation = Durations("generation", "Generations, from the call to the result: waiting for a thread and for a stream's reader counts.");

    public static readonly Histogram<double> Encode = Durations("encode", "Everything up to the first step: prompts and pictures are encoded, the model is prepared.");

    public static readonly Histogram<double> Denoise = Durations("denoise", "All steps of a generation, or of one of its stages, without what a stream's reader does between them.");

    public static readonly Histogram<double> Decode = Durations("decode", "Calls of the latent decoder, for results and previews.");

    public static readonly Histogram<double> Speed = Meter.CreateHistogram(
        "diffusionsharp.denoise.speed",
        "{step}/s",
        "Steps per second of the time that they take.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] });

    public static readonly Counter<long> Pictures = Meter.CreateCounter<long>("diffusionsharp.pictures", "{picture}", "Pictures of results.");

    public static readonly Counter<long> Cancellations = Meter.CreateCounter<long>("diffusionsharp.cancellations", "{generation}", "Generations that were cancelled, or left by a stream's reader.");

    public static readonly Counter<long> Failures = Meter.CreateCounter<long>("diffusionsharp.failures", "{generation}", "Generations that ended in an error.");

    /// <summary>A part threw when a generation, as its last holder, released it: an event of the span that is current.</summary>
    public static void NoteReleaseError(Exception error) => Activity.Current?.AddException(error);

    private static Histogram<double> Durations(string what, string description) => Meter.CreateHistogram(
        $"diffusionsharp.{what}.duration",
        "s",
        description,
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500] });
}
