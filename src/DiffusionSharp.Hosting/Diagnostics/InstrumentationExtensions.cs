using DiffusionSharp.Hosting.Queue;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DiffusionSharp.Hosting;

/// <summary>Adds what generations tell of themselves to OpenTelemetry.</summary>
public static class InstrumentationExtensions
{
    private const string CoreName = "DiffusionSharp";

    /// <summary>Collects the spans of generations.</summary>
    /// <param name="builder">The tracer provider's builder.</param>
    /// <returns>The builder.</returns>
    public static TracerProviderBuilder AddDiffusionSharpInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(CoreName);
    }

    /// <summary>Collects the metrics of generations and of the queues before devices.</summary>
    /// <param name="builder">The meter provider's builder.</param>
    /// <returns>The builder.</returns>
    public static MeterProviderBuilder AddDiffusionSharpInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(CoreName, QueueMetrics.MeterName);
    }
}
