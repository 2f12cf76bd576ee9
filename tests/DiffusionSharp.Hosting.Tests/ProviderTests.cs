using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting.Tests;

public sealed class ProviderTests
{
    [Fact]
    public async Task All_who_ask_share_one_loading()
    {
        var gate = new TaskCompletionSource();
        GatedModel model = new() { BeforeLoad = () => gate.Task };
        using IHost host = Hosts.Create(model);
        Assert.Equal(PipelineState.NotLoaded, host.Pipelines().GetStatus("gated").State);
        Task<IDiffusionPipeline>[] asked = [.. Enumerable.Range(0, 5).Select(_ => host.Pipelines().GetAsync("gated"))];
        Assert.Equal(PipelineState.Loading, host.Pipelines().GetStatus("gated").State);
        gate.SetResult();
        IDiffusionPipeline[] pipelines = await Task.WhenAll(asked);
        Assert.All(pipelines, pipeline => Assert.Same(pipelines[0], pipeline));
        Assert.Equal(1, model.Loads);
        Assert.Equal(new PipelineStatus(PipelineState.Ready), host.Pipelines().GetStatus("gated"));
    }

    [Fact]
    public async Task After_a_failure_who_asks_next_tries_again()
    {
        using RecordingLogger log = new();
        GatedModel model = new() { BeforeLoad = () => throw new InvalidDataException("torn") };
        using IHost host = Hosts.Create(model, builder => builder.Services.AddSingleton<ILoggerFactory>(log));
        await Assert.ThrowsAsync<InvalidDataException>(() => host.Pipelines().GetAsync("gated"));
        PipelineStatus status = host.Pipelines().GetStatus("gated");
        Assert.Equal(PipelineState.Failed, status.State);
        Assert.IsType<InvalidDataException>(status.Error);
        Assert.Equal(["The pipeline 'gated' could not be loaded: torn"], log.Warnings);

        // Resolving does, too: the container remembers no failure.
        Assert.Throws<InvalidDataException>(() => host.Services.GetRequiredKeyedService<IDiffusionPipeline>("gated"));
        model.BeforeLoad = () => Task.CompletedTask;
        Assert.NotNull(host.Services.GetRequiredKeyedService<IDiffusionPipeline>("gated"));
        Assert.Equal(3, model.Loads);
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_stop_the_loading()
    {
        var gate = new TaskCompletionSource();
        GatedModel model = new() { BeforeLoad = () => gate.Task };
        using IHost host = Hosts.Create(model);
        using CancellationTokenSource impatient = new();
        Task<IDiffusionPipeline> first = host.Pipelines().GetAsync("gated", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        await host.Pipelines().GetAsync("gated");
        Assert.Equal(1, model.Loads);
    }

    [Fact]
    public async Task The_container_releases_pipelines_and_gives_none_out_afterwards()
    {
        IHost host = Hosts.Create(new GatedModel());
        IDiffusionPipelineProvider pipelines = host.Pipelines();
        IDiffusionPipeline pipeline = host.Services.GetRequiredService<IDiffusionPipeline>();
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = pipeline.StreamAsync(new GenerationRequest()); });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipelines.GetAsync("gated"));
    }

    [Fact]
    public async Task A_loading_that_is_under_way_at_the_end_is_stopped()
    {
        var stopped = new TaskCompletionSource();
        IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("endless").Configure(options => options.Load = async (_, _, stop) =>
        {
            using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        }));
        Task<IDiffusionPipeline> asked = host.Pipelines().GetAsync("endless");
        host.Dispose();
        await stopped.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }
}
