using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionSharp.Hosting.Queue;

/// <summary>What is measured of queues, by the names that docs/hosting.md lists.</summary>
internal static class QueueMetrics
{
    public const string MeterName = "DiffusionSharp.Hosting";

    private static readonly Meter Meter = new(MeterName);

    public static readonly UpDownCounter<int> Running = Meter.CreateUpDownCounter<int>("diffusionsharp.queue.running", "{generation}", "Generations that have a turn on a device.");

    public static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("diffusionsharp.queue.waiting", "{generation}", "Generations that wait for their turn.");

    public static readonly Counter<long> Refusals = Meter.CreateCounter<long>("diffusionsharp.queue.refusals", "{generation}", "Generations that did not get a turn.");

    public static readonly Histogram<double> Wait = Meter.CreateHistogram<double>("diffusionsharp.queue.wait.duration", "s", "From asking for a turn to getting it.");

    public static TagList On(string device) => new() { { "diffusionsharp.device", device } };
}
