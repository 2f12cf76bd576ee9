using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DiffusionSharp.Hosting.Tests;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Pipelines_are_loaded_and_take_a_step_when_the_application_starts()
    {
        GatedModel warm = new(), cold = new();
        using IHost host = Hosts.Create(builder =>
        {
            builder.Services.AddModel("warm", warm, warmUp: true).AddModel("cold", cold);
            builder.Services.AddHealthChecks().AddDiffusionPipelines();
        });
        await host.StartAsync();
        await Hosts.UntilAsync(() => host.Pipelines().GetStatus("warm").State == PipelineState.Ready);
        Assert.Equal((1, 1), (warm.Loads, warm.Calls));
        Assert.Equal((0, 0), (cold.Loads, cold.Calls));
        HealthReport report = await CheckAsync(host);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(("Ready", "NotLoaded"), (report.Entries["diffusion"].Data["warm"], report.Entries["diffusion"].Data["cold"]));
        await host.StopAsync();
    }

    [Fact]
    public async Task While_a_pipeline_is_loaded_the_application_runs_and_is_not_ready()
    {
        GatedModel model = new(isOpen: false);
        using IHost host = Hosts.Create(builder =>
        {
            builder.Services.AddModel("gated", model, warmUp: true);
            builder.Services.AddHealthChecks().AddDiffusionPipelines();
        });
        await host.StartAsync();
        await Hosts.UntilAsync(() => model.Calls == 1);
        HealthReportEntry entry = (await CheckAsync(host)).Entries["diffusion"];
        Assert.Equal((HealthStatus.Unhealthy, "The pipeline 'gated' is being loaded."), (entry.Status, entry.Description));
        Assert.Contains("ready", entry.Tags);
        model.Open();
        await host.Pipelines().GetAsync("gated");
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_broken_folder_is_said_and_tried_again_and_stops_nobody()
    {
        FakeTimeProvider time = new();
        GatedModel good = new();
        string folder = Directory.CreateTempSubdirectory("broken-").FullName;
        using IHost host = Hosts.Create(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddDiffusionPipeline("broken").Configure(options => options.Folder = folder);
            builder.Services.AddModel("good", good, warmUp: true);
            builder.Services.AddHealthChecks().AddDiffusionPipelines();
        });
        await host.StartAsync();
        await Hosts.UntilAsync(() => host.Pipelines().GetStatus("good").State == PipelineState.Ready);
        HealthReportEntry entry = (await CheckAsync(host)).Entries["diffusion"];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("The pipeline 'broken' could not be loaded: ", entry.Description, StringComparison.Ordinal);
        Assert.Contains(folder, entry.Description, StringComparison.Ordinal);
        Assert.IsType<ModelFormatException>(entry.Exception);

        // The folder comes to be whole, and nobody has to ask.
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "emoji-model"), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "emoji-model"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await Hosts.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return host.Pipelines().GetStatus("broken").State == PipelineState.Ready;
        });
        Assert.Equal(1, good.Loads);
        await host.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_model_that_wants_more_than_a_warm_up_has_is_ready_nevertheless()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("picky").Configure(options =>
            options.Load = (_, _, _) => Task.FromResult(DiffusionPipeline.CreateBuilder().UseNoisePredictor(Prediction.NoisePredictor.FromFunction((_, _, _, _) => throw new InvalidOperationException("a picture is needed")))
                .UsePixelSpace().UseScheduler(new Schedulers.DdimScheduler()).UseDefaults(new GenerationDefaults { Width = 4, Height = 4 }).Build())));
        await host.Pipelines().GetAsync("picky");
        Assert.Equal(PipelineState.Ready, host.Pipelines().GetStatus("picky").State);
    }

    private static Task<HealthReport> CheckAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
