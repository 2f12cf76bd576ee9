using DiffusionSharp.Hosting.Lifetime;
using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting.Tests;

public sealed class ShutdownTests : IDisposable
{
    private static readonly GenerationRequest Request = new() { Seed = 3, Steps = 6 };

    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoints-").FullName;

    [Fact]
    public async Task A_running_generation_ends_before_the_application_does_and_no_other_begins()
    {
        GatedModel model = new(isOpen: false);
        using IHost host = Hosts.Create(model, Bound);
        await host.StartAsync();
        Task<GenerationResult> running = host.Pipelines().GenerateAsync("gated", Request);
        await Hosts.UntilAsync(() => model.Calls == 1);
        Task<GenerationResult> waiting = host.Pipelines().GenerateAsync("gated", Request);
        Task stopping = host.StopAsync();

        // Those who wait are told at once.
        GenerationRefusedException refusal = await Assert.ThrowsAsync<GenerationRefusedException>(() => waiting);
        Assert.Equal(RefusalReason.Stopping, refusal.Reason);
        Assert.Equal(TimeSpan.FromSeconds(5), refusal.RetryAfter);
        await Assert.ThrowsAsync<GenerationRefusedException>(() => host.Pipelines().EnterAsync("gated"));
        await Assert.ThrowsAsync<GenerationRefusedException>(() => host.Pipelines().TryEnterAsync("gated"));
        Assert.False(stopping.IsCompleted);
        model.Open();
        Assert.Single((await running).Images);
        await stopping;
    }

    [Fact]
    public async Task A_generation_that_takes_longer_than_the_application_waits_is_stopped()
    {
        using RecordingLogger log = new();
        GatedModel model = new(isOpen: false);
        using IHost host = Hosts.Create(model, builder =>
        {
            Bound(builder);
            builder.Services.AddSingleton<ILoggerFactory>(log);
        });
        await host.StartAsync();
        Task<GenerationResult> running = host.Pipelines().GenerateAsync("gated", Request);
        await Hosts.UntilAsync(() => model.Calls == 1);
        using CancellationTokenSource waits = new();
        Task stopping = host.StopAsync(waits.Token);
        await waits.CancelAsync();
        await Hosts.UntilAsync(() => log.Warnings.Count == 1);
        model.Let(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Record.ExceptionAsync(() => stopping);
        Assert.Equal(["The application ends while 1 generations run; they are stopped."], log.Warnings);
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task A_generation_with_a_checkpoint_is_saved_and_goes_on_after_the_restart_to_the_same_picture()
    {
        string path = Path.Combine(_folder, "job");
        GatedModel model = new(isOpen: false);
        using (IHost host = Hosts.Create(model))
        {
            await host.StartAsync();
            Task<GenerationResult> running = host.Pipelines().GenerateAsync("gated", Request, checkpointPath: path);
            model.Let(2);
            await Hosts.UntilAsync(() => model.Calls == 3);
            Task stopping = host.StopAsync();
            await Hosts.UntilAsync(() => host.Services.GetRequiredService<HostLifetime>().Stopping.IsCancellationRequested);
            model.Open();
            GenerationInterruptedException interruption = await Assert.ThrowsAsync<GenerationInterruptedException>(() => running);
            Assert.Equal(path, interruption.CheckpointPath);
            await stopping;
        }

        Assert.Equal([path], Directory.GetFiles(_folder));
        GatedModel again = new();
        using IHost restarted = Hosts.Create(again);
        var steps = new List<int>();
        GenerationResult resumed = await restarted.Pipelines().GenerateAsync("gated", Request, new Steps(steps), path);
        Assert.Equal(3, again.Calls);
        Assert.Equal([4, 5, 6], steps);
        Assert.Empty(Directory.GetFiles(_folder));
        GenerationResult whole = await restarted.Pipelines().GenerateAsync("gated", Request);
        Assert.Equal(whole.Images[0].Pixels.ToArray(), resumed.Images[0].Pixels.ToArray());
    }

    [Fact]
    public async Task A_generation_with_a_checkpoint_that_nobody_interrupts_leaves_no_file()
    {
        using IHost host = Hosts.Create(new GatedModel());
        GenerationResult result = await host.Pipelines().GenerateAsync("gated", Request, checkpointPath: Path.Combine(_folder, "job"));
        Assert.Equal(6, result.Timings.Steps);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_that_is_no_checkpoint_is_refused_and_kept()
    {
        string path = Path.Combine(_folder, "job");
        await File.WriteAllTextAsync(path, "something else");
        using IHost host = Hosts.Create(new GatedModel());
        await Assert.ThrowsAsync<CheckpointException>(() => host.Pipelines().GenerateAsync("gated", Request, checkpointPath: path));
        Assert.Equal("something else", await File.ReadAllTextAsync(path));
        Assert.Equal(0, host.Pipelines().GetLoad("gated").Running);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Bound(HostApplicationBuilder builder) => builder.Services.ConfigureAll<GenerationQueueOptions>(options => options.Concurrency = 1);

    private sealed class Steps(List<int> steps) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => steps.Add(value.Step);
    }
}
