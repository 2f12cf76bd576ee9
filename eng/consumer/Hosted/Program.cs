using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
builder.Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddDiffusionSharpInstrumentation().AddConsoleExporter())
    .WithMetrics(metrics => metrics.AddDiffusionSharpInstrumentation().AddConsoleExporter());
using IHost host = builder.Build();
await host.StartAsync();
var pipelines = host.Services.GetRequiredService<IDiffusionPipelineProvider>();
GenerationResult result = await pipelines.GenerateAsync("emoji", new TextToImageRequest("a red apple") { Steps = 4, Seed = 1 });
result.Images[0].SaveAsPng(args[0]);
await host.StopAsync();
