using DiffusionSharp.AspNetCore;
using DiffusionSharp.Hosting;
using OpenTelemetry;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// Each section of DiffusionSharp:Models is a model: "emoji-model" is the folder of the package DiffusionSharp.Emoji, a folder of your own is another.
IConfigurationSection settings = builder.Configuration.GetSection("DiffusionSharp");
foreach (IConfigurationSection model in settings.GetSection("Models").GetChildren())
{
    builder.Services.AddDiffusionPipeline(model.Key, model);
}

builder.Services.ConfigureGenerationQueues(settings.GetSection("Queues"));
builder.Services.AddHealthChecks().AddDiffusionPipelines();

// Spans and metrics go to a collector where the environment names one (OTEL_EXPORTER_OTLP_ENDPOINT).
OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddDiffusionSharpInstrumentation())
    .WithMetrics(metrics => metrics.AddDiffusionSharpInstrumentation());
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
{
    telemetry.UseOtlpExporter();
}

WebApplication app = builder.Build();

// POST /v1/images/generations, /v1/images/edits, /v1/images/variations, GET /v1/models: for callers on this machine, until ImageEndpointOptions say otherwise.
app.MapImageGeneration("/v1");
app.MapHealthChecks("/ready", new() { Predicate = check => check.Tags.Contains("ready") });
app.Run();
