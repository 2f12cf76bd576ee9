using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DiffusionSharp.Hosting.Tests;

public sealed class QueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Turns_are_bounded_and_given_in_order()
    {
        using IHost host = Create(concurrency: 2, queueLength: 3);
        IDiffusionPipelineProvider pipelines = host.Pipelines();
        using GenerationSlot first = await pipelines.EnterAsync("gated");
        GenerationSlot second = await pipelines.EnterAsync("gated");
        Task<GenerationSlot>[] waiting = [pipelines.EnterAsync("gated"), pipelines.EnterAsync("gated"), pipelines.EnterAsync("gated")];
        Assert.Equal(new DeviceLoad(2, 3, 2, 3), pipelines.GetLoad("gated"));
        Assert.Null(await pipelines.TryEnterAsync("gated"));

        second.Dispose();
        second.Dispose();
        GenerationSlot third = await waiting[0];
        Assert.False(waiting[1].IsCompleted);
        third.Dispose();
        (await waiting[1]).Dispose();
        (await waiting[2]).Dispose();
        Assert.Equal(new DeviceLoad(1, 0, 2, 3), pipelines.GetLoad("gated"));
        using GenerationSlot? free = await pipelines.TryEnterAsync("gated");
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Who_comes_to_a_full_queue_is_told_when_to_come_again()
    {
        using IHost host = Create(concurrency: 1, queueLength: 1);
        IDiffusionPipelineProvider pipelines = host.Pipelines();
        await TakeAsync(TimeSpan.FromSeconds(10));
        GenerationSlot running = await pipelines.EnterAsync("gated");
        Task<GenerationSlot> waiting = pipelines.EnterAsync("gated");
        GenerationRefusedException refusal = await Assert.ThrowsAsync<GenerationRefusedException>(() => pipelines.EnterAsync("gated"));
        Assert.Equal(RefusalReason.QueueFull, refusal.Reason);

        // One that runs and one that waits, 10 s each, as the last one took.
        Assert.Equal(TimeSpan.FromSeconds(20), refusal.RetryAfter);
        Assert.Contains("Cpu0", refusal.Message, StringComparison.Ordinal);

        // The mean moves a fifth of the way: 10 + (5 - 10) / 5 = 9.
        _time.Advance(TimeSpan.FromSeconds(5));
        running.Dispose();
        using GenerationSlot next = await waiting;
        Task<GenerationSlot> another = pipelines.EnterAsync("gated");
        Assert.Equal(TimeSpan.FromSeconds(18), (await Assert.ThrowsAsync<GenerationRefusedException>(() => pipelines.EnterAsync("gated"))).RetryAfter);
        next.Dispose();
        (await another).Dispose();

        async Task TakeAsync(TimeSpan time)
        {
            using GenerationSlot slot = await pipelines.EnterAsync("gated");
            _time.Advance(time);
        }
    }

    [Fact]
    public async Task Models_of_a_device_share_its_turns_and_those_of_another_do_not()
    {
        using IHost host = Create(concurrency: 1, queueLength: 0, builder =>
        {
            builder.Services.AddModel("same", new());
            builder.Services.AddModel("other", new());
            builder.Services.Configure<DiffusionPipelineOptions>("other", options => options.DeviceId = 1);
        });
        using GenerationSlot slot = await host.Pipelines().EnterAsync("gated");
        await Assert.ThrowsAsync<GenerationRefusedException>(() => host.Pipelines().EnterAsync("same"));
        using GenerationSlot other = await host.Pipelines().EnterAsync("other");
    }

    [Fact]
    public async Task Who_leaves_the_queue_keeps_nobody_from_it()
    {
        using IHost host = Create(concurrency: 1, queueLength: 1);
        GenerationSlot running = await host.Pipelines().EnterAsync("gated");
        using CancellationTokenSource impatient = new();
        Task<GenerationSlot> waiting = host.Pipelines().EnterAsync("gated", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task<GenerationSlot> next = host.Pipelines().EnterAsync("gated");
        running.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task A_pipeline_that_cannot_be_loaded_gives_its_turn_back()
    {
        GatedModel model = new() { BeforeLoad = () => throw new InvalidDataException() };
        using IHost host = Create(concurrency: 1, queueLength: 0, model: model);
        await Assert.ThrowsAsync<InvalidDataException>(() => host.Pipelines().EnterAsync("gated"));
        Assert.Equal(0, host.Pipelines().GetLoad("gated").Running);
    }

    [Fact]
    public async Task Generations_run_as_many_at_a_time_as_there_are_turns()
    {
        GatedModel model = new(isOpen: false);
        using IHost host = Create(concurrency: 2, queueLength: 10, model: model);
        Task<GenerationResult>[] all = [.. Enumerable.Range(0, 6).Select(i => host.Pipelines().GenerateAsync("gated", new GenerationRequest { Seed = i }))];
        await Hosts.UntilAsync(() => model.Calls == 2);
        Assert.Equal((2, 4), (host.Pipelines().GetLoad("gated").Running, host.Pipelines().GetLoad("gated").Waiting));
        model.Open();
        GenerationResult[] results = await Task.WhenAll(all);
        Assert.Equal([0, 1, 2, 3, 4, 5], results.Select(result => result.Images[0].Seed));
        Assert.Equal(30, model.Calls);
    }

    private IHost Create(int concurrency, int queueLength, Action<HostApplicationBuilder>? add = null, GatedModel? model = null) => Hosts.Create(model ?? new GatedModel(), builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.ConfigureAll<GenerationQueueOptions>(options => (options.Concurrency, options.QueueLength) = (concurrency, queueLength));
        add?.Invoke(builder);
    });
}
