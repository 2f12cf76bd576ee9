using System.Collections.Concurrent;
using DiffusionSharp.Orleans.Tests.Support;
using DiffusionSharp.Samples;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Orleans.Tests;

/// <summary>Jobs whose silo dies, leaves, or is not the only one that believes to have them.</summary>
public sealed class TakeoverTests : IDisposable
{
    private readonly ConcurrentQueue<ToyCall> _calls = [];
    private readonly SemaphoreSlim _inside = new(0);
    private readonly ManualResetEventSlim _gate = new();

    [Fact]
    public async Task A_job_goes_on_elsewhere_from_its_last_checkpoint_when_its_silo_is_killed()
    {
        await using TestFarm farm = await TestFarm.StartAsync(silos: 2);
        GenerationRequest request = farm.Model.Request(HeldInFourthCall);
        await farm.Client.SubmitAsync("killed", Order(request));
        await _inside.WaitAsync(TestFarm.Patience);
        string first = _calls.Last().Silo;
        await farm.KillAsync(first);

        JobStatus job = await farm.WaitAsync("killed");
        Assert.Equal(ToyModel.Draw(request), await farm.PictureAsync(job));
        Assert.Equal(2, job.Attempt);

        // Three steps were saved: the other silo takes the rest.
        Assert.Equal([first, first, first, first], _calls.Take(4).Select(call => call.Silo));
        Assert.Equal(ToyModel.Steps - 3, _calls.Skip(4).Count(call => call.Silo != first));
        Assert.Equal(_calls.ElementAt(3).Timestep, _calls.ElementAt(4).Timestep);
    }

    [Fact]
    public async Task So_does_a_cascade_in_the_stage_that_it_is_in()
    {
        await using TestFarm farm = await TestFarm.StartAsync(silos: 2, isCascade: true);
        GenerationRequest request = farm.Model.Request(HeldInFourthCall);
        await farm.Client.SubmitAsync("killed", Order(request));
        await _inside.WaitAsync(TestFarm.Patience);
        string first = _calls.Last().Silo;
        await farm.KillAsync(first);

        // Two steps of the first stage and one of the second were saved.
        JobStatus job = await farm.WaitAsync("killed");
        Assert.Equal(await ToyModel.DrawTwiceAsync(request), await farm.PictureAsync(job));
        Assert.Equal((2, ToyModel.Steps, ToyModel.Steps), (job.Attempt, job.Step, job.StepCount));
        Assert.Equal(ToyModel.Steps - 3, _calls.Skip(4).Count(call => call.Silo != first));
        Assert.Equal(_calls.ElementAt(3).Timestep, _calls.ElementAt(4).Timestep);

        JobStatus refused = await farm.RunAsync("shared", Order(farm.Model.Request()) with { SharesModelCalls = true });
        Assert.Equal(JobState.Failed, refused.State);
        Assert.Contains("a cascade cannot", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_stops_saves_its_jobs_and_no_step_is_taken_twice()
    {
        await using TestFarm farm = await TestFarm.StartAsync(silos: 2);
        GenerationRequest request = farm.Model.Request(HeldInFourthCall);
        await farm.Client.SubmitAsync("stopped", Order(request) with { CheckpointEvery = 100 });
        await _inside.WaitAsync(TestFarm.Patience);
        string first = _calls.Last().Silo;

        var stopping = new TaskCompletionSource();
        using var _ = farm.Silos.Single(silo => silo.Name == first).SiloHost.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        Task stopped = farm.StopAsync(first);
        await stopping.Task.WaitAsync(TestFarm.Patience);
        _gate.Set();
        await stopped.WaitAsync(TestFarm.Patience);

        JobStatus job = await farm.WaitAsync("stopped");
        Assert.Equal(ToyModel.Draw(request), await farm.PictureAsync(job));
        Assert.Equal((2, ToyModel.Steps), (job.Attempt, _calls.Count));
        Assert.NotEqual(first, _calls.Last().Silo);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jobs_outlive_all_silos(bool isInSqlite)
    {
        var stored = new StoredState();
        var model = new ToyModel();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sqlite-");
        Action<ISiloBuilder>? store = isInSqlite ? silo => SqliteState.Use(silo, Path.Combine(folder.FullName, "state.db")) : null;
        GenerationRequest[] requests = new GenerationRequest[5];
        await using (TestFarm farm = await TestFarm.StartAsync(model: model, stored: stored, store: store, turns: 1))
        {
            for (int i = 0; i < requests.Length; i++)
            {
                await farm.Client.SubmitAsync($"old-{i}", Order(requests[i] = model.Request(HeldInFourthCall)));
            }

            await _inside.WaitAsync(TestFarm.Patience);
            await farm.KillAsync(farm.Silos[0].Name);
        }

        _gate.Set();
        await using (TestFarm next = await TestFarm.StartAsync(model: model, stored: stored, store: store))
        {
            for (int i = 0; i < requests.Length; i++)
            {
                Assert.Equal(ToyModel.Draw(requests[i]), await next.PictureAsync(await next.WaitAsync($"old-{i}")));
            }
        }

        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_commit_that_another_activation_came_before_is_made_again_on_what_that_one_stored()
    {
        await using TestFarm farm = await TestFarm.StartAsync();
        GenerationRequest request = farm.Model.Request(HeldInFourthCall);
        await farm.Client.SubmitAsync("fenced", Order(request));
        await _inside.WaitAsync(TestFarm.Patience);
        farm.Stored.Touch("course", "fenced");
        farm.Stored.Touch("queue", ToyModel.Name);
        _gate.Set();

        JobStatus job = await farm.WaitAsync("fenced");
        Assert.Equal(ToyModel.Draw(request), await farm.PictureAsync(job));
        Assert.Equal((1, ToyModel.Steps), (job.Attempt, _calls.Count));
    }

    [Fact]
    public async Task An_attempt_that_another_has_followed_commits_nothing()
    {
        await using TestFarm farm = await TestFarm.StartAsync(configure: options => options.Models = []);
        await farm.Client.SubmitAsync("twice", Order(farm.Model.Request()));
        IJobWork work = farm.Grain<IJobWork>("twice");
        Assignment first = (await work.BeginAsync("S127.0.0.1:1:1", Guid.NewGuid()))!;
        Assignment second = (await work.BeginAsync("S127.0.0.1:2:2", Guid.NewGuid()))!;
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));

        var checkpoint = new StepCheckpoint { Step = 1, StepCount = 6, FrontHash = "A", Front = [1], Rest = [2] };
        Assert.False(await work.ReportAsync(1, 1, 6, []));
        Assert.False(await work.CheckpointAsync(1, checkpoint));
        Assert.False(await work.CompleteAsync(1, 6, ["twice/1-0.png"]));
        Assert.False(await work.FailAsync(1, "late", isFinal: true));
        Assert.False(await work.ReleaseAsync(1));
        Assert.Equal((JobState.Running, "S127.0.0.1:2:2", 0), Of((await farm.Client.GetStatusAsync("twice"))!));

        Assert.True(await work.CheckpointAsync(2, checkpoint));
        Assert.Equal([1, 2], ((MemoryStream)(await work.BeginAsync("S127.0.0.1:3:3", Guid.NewGuid()))!.Checkpoint!.Open()).ToArray());
        Assert.True(await work.CompleteAsync(3, 6, ["twice/3-0.png"]));
        Assert.True(await work.CompleteAsync(3, 6, ["twice/3-0.png"]));
        Assert.False(await work.CompleteAsync(2, 6, ["twice/2-0.png"]));
        Assert.Null(await work.BeginAsync("S127.0.0.1:4:4", Guid.NewGuid()));
        Assert.Equal(["twice/3-0.png"], (await farm.WaitAsync("twice")).Pictures);
    }

    [Fact]
    public async Task What_was_stored_is_not_done_again_when_its_answer_is_lost()
    {
        await using TestFarm farm = await TestFarm.StartAsync();
        farm.Stored.LosesAnswer = (name, job, write) => name == "course" && job == $"lost-{write}";
        GenerationRequest request = farm.Model.Request(_calls.Enqueue);
        int writes = 0;
        for (JobStatus? job = null; job is null || farm.Stored.Lost.Contains(job.Job); writes++)
        {
            job = await farm.RunAsync($"lost-{writes + 1}", Order(request));
            Assert.Equal(ToyModel.Draw(request), await farm.PictureAsync(job));
            Assert.Equal((1, ToyModel.Steps * (writes + 1)), (job.Attempt, _calls.Count));
        }

        // The beginning, a checkpoint after each step but the last, and the end; the last job lost nothing.
        Assert.Equal(ToyModel.Steps + 1, farm.Stored.Lost.Count);
        Assert.Equal(ToyModel.Steps + 2, writes);
    }

    [Fact]
    public async Task A_job_that_was_given_away_comes_back_when_the_answer_is_lost()
    {
        await using TestFarm farm = await TestFarm.StartAsync(configure: options => options.LeaseDuration = 2 * TestFarm.Patience);

        // What the queue writes second is who has the job.
        farm.Stored.LosesAnswer = (name, _, write) => name == "queue" && write == 2;
        GenerationRequest request = farm.Model.Request(_calls.Enqueue);
        JobStatus job = await farm.RunAsync("given", Order(request));
        Assert.Equal([ToyModel.Name], farm.Stored.Lost);
        Assert.Equal(ToyModel.Draw(request), await farm.PictureAsync(job));
        Assert.Equal((1, ToyModel.Steps), (job.Attempt, _calls.Count));
    }

    [Fact]
    public async Task A_job_that_kills_its_silo_again_and_again_ends_with_an_error()
    {
        await using TestFarm farm = await TestFarm.StartAsync(configure: options => options.Models = []);
        await farm.Client.SubmitAsync("deadly", Order(farm.Model.Request()));
        IJobWork work = farm.Grain<IJobWork>("deadly");
        var checkpoint = new StepCheckpoint { Step = 1, StepCount = 6, FrontHash = "A", Front = [1], Rest = [2] };
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(attempt, (await work.BeginAsync($"S127.0.0.1:1:{attempt}", Guid.NewGuid()))!.Attempt);
            if (attempt == 1)
            {
                // It got further, so this one does not count.
                Assert.True(await work.CheckpointAsync(1, checkpoint));
            }
        }

        Assert.Null(await work.BeginAsync("S127.0.0.1:1:5", Guid.NewGuid()));
        JobStatus job = await farm.WaitAsync("deadly");
        Assert.Equal((JobState.Failed, 4), (job.State, job.Attempt));
        Assert.Equal("the silo S127.0.0.1:1:4 ended, or was cut off, while it ran the job", job.Error);
    }

    [Fact]
    public async Task A_job_that_a_silo_took_and_forgot_comes_back_when_its_lease_is_over()
    {
        await using TestFarm farm = await TestFarm.StartAsync(configure: options => (options.Models, options.LeaseDuration) = ([], TimeSpan.FromSeconds(5)));
        await farm.Client.SubmitAsync("forgotten", Order(farm.Model.Request()));
        IQueueWork queue = farm.Grain<IQueueWork>(ToyModel.Name);
        string silo = farm.Silos[0].SiloAddress.ToParsableString();
        Assert.Equal("forgotten", await queue.TakeAsync(silo));
        Assert.Empty(await queue.RenewAsync(silo, ["forgotten"]));
        Assert.Equal(["unknown"], await queue.RenewAsync(silo, ["unknown"]));
        Assert.Null(await queue.TakeAsync(silo));
        using var patience = new CancellationTokenSource(TestFarm.Patience);
        while (!await queue.WaitForWorkAsync())
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(["forgotten"], await queue.RenewAsync(silo, ["forgotten"]));
        Assert.Equal("forgotten", await queue.TakeAsync(silo));
    }

    public void Dispose()
    {
        _inside.Dispose();
        _gate.Dispose();
    }

    private void HeldInFourthCall(ToyCall call)
    {
        _calls.Enqueue(call);
        if (_calls.Count == 4)
        {
            _inside.Release();
            WaitHandle.WaitAny([_gate.WaitHandle, call.Stop.WaitHandle], TestFarm.Patience);
            call.Stop.ThrowIfCancellationRequested();
        }
    }

    private static (JobState State, string? Silo, int Step) Of(JobStatus status) => (status.State, status.Silo, status.Step);

    private static GenerationOrder Order(GenerationRequest request) => GenerationOrder.Of(ToyModel.Name, request) with { CheckpointEvery = 1 };
}
