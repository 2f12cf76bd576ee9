// A hosted application with more requests than turns, which is told to stop on the way. What its spans say is drawn as a timeline.
using System.CommandLine;
using System.Diagnostics;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

var prompts = new Option<string[]>("--prompt") { Description = "What is asked for, all at once.", DefaultValueFactory = _ => ["a red apple", "a red heart", "a house", "a taxi", "grinning face", "a tree", "a cat", "a star", "a rocket"], AllowMultipleArgumentsPerToken = true };
var turns = new Option<int>("--turns") { Description = "Generations at a time.", DefaultValueFactory = _ => 2 };
var queue = new Option<int>("--queue") { Description = "How many may wait.", DefaultValueFactory = _ => 6 };
var stopAt = new Option<int>("--stop-at") { Description = "The number of the request in the middle of which the application is told to stop.", DefaultValueFactory = _ => 6 };
var steps = new Option<int>("--steps") { Description = "Denoising steps of each picture.", DefaultValueFactory = _ => 20 };
var output = new Option<string>("--output", "-o") { Description = "Where to write the timeline.", DefaultValueFactory = _ => "hosting.svg" };
var command = new RootCommand("Draws what happens to requests of a hosted application.") { prompts, turns, queue, stopAt, steps, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    using var source = new ActivitySource("Hosted");
    List<Activity> spans = [];
    HostApplicationBuilder builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    builder.Services.AddDiffusionPipeline("emoji").Configure(options => (options.Load, options.Threads, options.Spinning) = (EmojiPipeline.LoadAsync, 1, false));
    builder.Services.Configure<GenerationQueueOptions>("Cpu0", options => (options.Concurrency, options.QueueLength) = (parsed.GetValue(turns), parsed.GetValue(queue)));
    builder.Services.AddHealthChecks().AddDiffusionPipelines();
    builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddDiffusionSharpInstrumentation().AddInMemoryExporter(spans));
    using IHost host = builder.Build();
    await host.StartAsync(cancellationToken);
    var pipelines = host.Services.GetRequiredService<IDiffusionPipelineProvider>();
    await TellHealthAsync();
    await pipelines.GetAsync("emoji", cancellationToken);
    await TellHealthAsync();

    var middle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    Task[] requests = [.. parsed.GetValue(prompts)!.Select(RequestAsync)];
    await Task.WhenAny(middle.Task, Task.WhenAll(requests));
    DateTime told = DateTime.UtcNow;
    await host.StopAsync(cancellationToken);
    await Task.WhenAll(requests);
    await File.WriteAllTextAsync(parsed.GetValue(output)!, new Timeline(spans, source.Name, told).Draw(), cancellationToken);
    SampleApp.ReportFile(parsed.GetValue(output)!);

    async Task TellHealthAsync()
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken);
        Console.WriteLine($"{report.Status}: {report.Entries["diffusion"].Description}");
    }

    async Task RequestAsync(string prompt, int index)
    {
        using Activity? span = source.StartActivity(prompt);
        try
        {
            var request = new TextToImageRequest(prompt) { Seed = index, Steps = parsed.GetValue(steps) };
            await pipelines.GenerateAsync("emoji", request, index + 1 == parsed.GetValue(stopAt) ? new Middle(request.Steps!.Value / 2, middle) : null, cancellationToken: cancellationToken);
            Console.WriteLine($"{prompt}: drawn");
        }
        catch (GenerationRefusedException refused)
        {
            span?.SetStatus(ActivityStatusCode.Error, $"refused ({refused.Reason}), to come again in {refused.RetryAfter.TotalSeconds:0} s");
            Console.WriteLine($"{prompt}: {refused.Message} Come again in {refused.RetryAfter.TotalSeconds:0} s.");
        }
    }
});

/// <summary>Tells when a generation is in its middle.</summary>
internal sealed class Middle(int step, TaskCompletionSource reached) : IProgress<GenerationProgress>
{
    public void Report(GenerationProgress value)
    {
        if (value.Step >= step)
        {
            reached.TrySetResult();
        }
    }
}
