using DiffusionSharp.Diffusers;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Snippets;

internal static class HostingSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("hosting", HostAsync), ("hosting-models", SeveralAsync)];

    private static async Task HostAsync()
    {
        string[] args = [];
        #region hosting
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddDiffusionSharpInstrumentation())
            .WithMetrics(metrics => metrics.AddDiffusionSharpInstrumentation());
        using IHost host = builder.Build();
        await host.StartAsync();

        var pipelines = host.Services.GetRequiredService<IDiffusionPipelineProvider>();
        GenerationResult result = await pipelines.GenerateAsync("emoji", new TextToImageRequest("a red apple") { Seed = 1 });
        result.Images[0].SaveAsPng("apple.png");
        await host.StopAsync();
        #endregion
    }

    private static async Task SeveralAsync()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DiffusionSharp:Models:emoji:Folder"] = "emoji-model",
            ["DiffusionSharp:Models:mine:Folder"] = Path.GetFullPath("models/my-model"),
            ["DiffusionSharp:Styled:Variant"] = "fp16",
            ["DiffusionSharp:Styled:Loras:0:Path"] = Path.GetFullPath("models/style.safetensors"),
            ["DiffusionSharp:Queues:Concurrency"] = "2",
        });
        #region hosting-models
        IConfigurationSection settings = builder.Configuration.GetSection("DiffusionSharp");
        foreach (IConfigurationSection model in settings.GetSection("Models").GetChildren())
        {
            builder.Services.AddDiffusionPipeline(model.Key, model);
        }

        builder.Services.ConfigureGenerationQueues(settings.GetSection("Queues"));
        builder.Services.AddHealthChecks().AddDiffusionPipelines();
        #endregion
        #region hosting-code
        builder.Services.AddDiffusionPipeline("styled", settings.GetSection("Styled")).Configure(options =>
            options.Load = (how, progress, stop) => DiffusersPipeline.LoadAsync("models/stable-diffusion", how with { CachedSteps = new CachedStepsOptions() }, progress, stop));
        #endregion
        #region hosting-cascade
        builder.Services.AddDiffusionPipeline("hires").Configure(options => options.LoadCascade = async (how, progress, stop) =>
        {
            DiffusionPipeline pipeline = await EmojiPipeline.LoadAsync(how, progress, stop);
            return Cascade
                .Start(pipeline, request => request with { Decodes = false })
                .Then(pipeline, state => state.Request with { InitialLatents = state.Result.Latents.Resize(32, 32, Resampling.Bicubic), Strength = 0.5 })
                .Owning();
        });
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync();
        var pipelines = host.Services.GetRequiredService<IDiffusionPipelineProvider>();
        #region hosting-slot
        using (GenerationSlot slot = await pipelines.EnterAsync("emoji"))
        {
            var request = new TextToImageRequest("a red heart") { Steps = 10, Seed = 1 };
            await foreach (DenoisingStep step in slot.Pipeline.StreamAsync(request, slot.CancellationToken))
            {
                Console.WriteLine($"{step.Index + 1} of {step.Count}");
            }
        }
        #endregion
        #region hosting-checkpoint
        GenerationResult result = await pipelines.GenerateAsync("mine", new TextToImageRequest("a house") { Seed = 7 }, checkpointPath: "house.checkpoint");
        #endregion
        #region hosting-container
        var emoji = host.Services.GetRequiredKeyedService<IDiffusionPipeline>("emoji");
        GenerationResult inTurn = await emoji.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #endregion
        GenerationResult hires = await pipelines.GenerateAsync("hires", new TextToImageRequest("a house") { Seed = 7 });
        hires.Images[0].SaveAsPng("house.png");
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Console.WriteLine($"{result.Images.Count} picture, {inTurn.Images.Count} in its turn, {report.Status}");
        await host.StopAsync();
    }
}
