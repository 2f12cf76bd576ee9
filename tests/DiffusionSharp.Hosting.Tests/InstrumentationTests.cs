using System.Diagnostics;
using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DiffusionSharp.Hosting.Tests;

public sealed class InstrumentationTests
{
    [Fact]
    public async Task Spans_and_metrics_reach_OpenTelemetry_with_a_line_each()
    {
        var spans = new List<Activity>();
        var metrics = new List<Metric>();
        using (IHost host = Hosts.Create(new GatedModel(), builder => builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddDiffusionSharpInstrumentation().AddInMemoryExporter(spans))
            .WithMetrics(meters => meters.AddDiffusionSharpInstrumentation().AddInMemoryExporter(metrics))))
        {
            await host.StartAsync();
            await host.Pipelines().GenerateAsync("gated", new GenerationRequest { Seed = 1, Steps = 2 });
        }

        // Other tests of the process generate meanwhile, so what they do is among it, and nothing is added now that the host has ended.
        Activity generation = spans.First(span => span.OperationName == "generation" && Equals(span.GetTagItem("diffusionsharp.steps"), 2));
        Assert.Equal(["decode", "denoise", "encode"], spans.Where(span => span.ParentSpanId == generation.SpanId).Select(span => span.OperationName).Order());
        string[] names = [.. metrics.Select(metric => metric.Name).Distinct()];
        Assert.Contains("diffusionsharp.generation.duration", names);
        Assert.Contains("diffusionsharp.queue.running", names);
        Assert.Contains("diffusionsharp.queue.waiting", names);
        Assert.Contains("diffusionsharp.queue.wait.duration", names);
    }
}
