using DiffusionSharp.Orleans.Tests.Support;

namespace DiffusionSharp.Orleans.Tests;

/// <summary>Jobs of a farm whose silos live.</summary>
public sealed class JobTests(FarmFixture fixture) : IClassFixture<FarmFixture>
{
    private readonly TestFarm _farm = fixture.Farm;

    [Fact]
    public async Task Jobs_have_the_pictures_that_the_pipeline_alone_makes()
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, 20).Select(_ => _farm.Model.Request())];
        JobStatus[] jobs = await Task.WhenAll(requests.Select((request, i) => _farm.RunAsync($"equal-{i}", Order(request) with { Tenant = $"{i % 3}" })));
        foreach ((GenerationRequest request, JobStatus job) in requests.Zip(jobs))
        {
            Assert.Equal(ToyModel.Draw(request), await _farm.PictureAsync(job));
            Assert.Equal((ToyModel.Steps, ToyModel.Steps, 1), (job.Step, job.StepCount, job.Attempt));
        }

        Assert.Equal(2, jobs.Select(job => job.Silo).Distinct().Count());
        Assert.Equal(new QueueStatus(0, 0, 0), await EmptyQueueAsync());
    }

    [Fact]
    public async Task A_job_that_is_submitted_again_is_no_second_job()
    {
        int calls = 0;
        GenerationOrder order = Order(_farm.Model.Request(_ => Interlocked.Increment(ref calls)));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _farm.Client.SubmitAsync("again", order)));
        JobStatus first = await _farm.WaitAsync("again");
        JobStatus second = await _farm.Client.SubmitAsync("again", order);
        Assert.Equal((JobState.Completed, 1), (second.State, second.Attempt));
        Assert.Equal(first.Pictures, second.Pictures);
        Assert.Equal(ToyModel.Steps, calls);

        InvalidOperationException other = await Assert.ThrowsAsync<InvalidOperationException>(() => _farm.Client.SubmitAsync("again", order with { CheckpointEvery = 2 }));
        Assert.Contains("'again' was submitted before, with another order", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_seed_has_the_one_of_the_jobs_name()
    {
        GenerationRequest request = _farm.Model.Request() with { Seed = null };
        byte[][] pictures = new byte[2][];
        for (int i = 0; i < 2; i++)
        {
            pictures[i] = await _farm.PictureAsync(await _farm.RunAsync("seedless", Order(request)));
            await _farm.Client.DeleteAsync("seedless");
        }

        Assert.Equal(pictures[0], pictures[1]);
        Assert.NotEqual(pictures[0], await _farm.PictureAsync(await _farm.RunAsync("seedless-2", Order(request))));
    }

    [Fact]
    public async Task Who_watches_sees_steps_and_previews_and_may_come_back()
    {
        using var gate = new SemaphoreSlim(0);
        GenerationRequest request = _farm.Model.Request(call => gate.Wait(call.Stop));
        await _farm.Client.SubmitAsync("watched", Order(request) with { PreviewEvery = 2 });

        List<JobStatus> seen = [];
        using var leaves = new CancellationTokenSource(TestFarm.Patience);
        gate.Release();
        await foreach (JobStatus status in _farm.Client.WatchAsync("watched", 0, leaves.Token))
        {
            seen.Add(status);
            if (status.Step == 3)
            {
                break;
            }

            if (status.Step > 0)
            {
                gate.Release();
            }
        }

        int before = seen.Count;
        gate.Release(ToyModel.Steps);
        await foreach (JobStatus status in _farm.Client.WatchAsync("watched", 3, leaves.Token))
        {
            Assert.True(status.Step > 3 || status.State == JobState.Running, $"{status}");
            seen.Add(status);
        }

        Assert.Equal([1, 2, 3], seen.Take(before).Select(status => status.Step).Where(step => step > 0));
        Assert.Equal([2], seen.Take(before).Where(status => status.Previews.Count > 0).Select(status => status.Step).Take(1));
        Assert.All(seen.SelectMany(status => status.Previews), preview => Assert.Equal("PNG"u8, preview.AsSpan(1, 3)));
        Assert.Equal(JobState.Completed, seen[^1].State);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _farm.Client.WaitAsync("nobody"));
        Assert.Null(await _farm.Client.GetStatusAsync("nobody"));
    }

    [Fact]
    public async Task A_cancelled_job_stops_inside_a_model_call()
    {
        using var inside = new SemaphoreSlim(0);
        var stopped = new TaskCompletionSource();
        await _farm.Client.SubmitAsync("cancelled", Order(_farm.Model.Request(call =>
        {
            inside.Release();
            call.Stop.WaitHandle.WaitOne(TestFarm.Patience);
            stopped.TrySetResult();
            call.Stop.ThrowIfCancellationRequested();
        })));
        await inside.WaitAsync(TestFarm.Patience);
        Assert.Equal(JobState.Cancelled, (await _farm.Client.CancelAsync("cancelled"))!.State);
        await stopped.Task.WaitAsync(TestFarm.Patience);

        GenerationJobException error = Assert.Throws<GenerationJobException>(() => _farm.WaitAsync("cancelled").Result.EnsureCompleted());
        Assert.Equal("The job 'cancelled' is cancelled after 1 attempts.", error.Message);
        await _farm.Client.DeleteAsync("cancelled");
        Assert.Null(await _farm.Client.GetStatusAsync("cancelled"));
    }

    [Fact]
    public async Task A_job_that_always_fails_ends_with_its_error_and_others_go_on()
    {
        await _farm.Client.SubmitAsync("poison", Order(_farm.Model.Request(_ => throw new ArithmeticException("poison"))));
        JobStatus after = await _farm.RunAsync("after-poison", Order(_farm.Model.Request()));
        Assert.Equal(JobState.Completed, after.State);

        JobStatus poison = await _farm.WaitAsync("poison");
        Assert.Equal((JobState.Failed, 3, "ArithmeticException: poison"), (poison.State, poison.Attempt, poison.Error));
    }

    [Fact]
    public async Task A_failure_that_passes_costs_an_attempt_and_no_picture()
    {
        int calls = 0;
        GenerationRequest request = _farm.Model.Request(_ =>
        {
            if (Interlocked.Increment(ref calls) == 4)
            {
                throw new ArithmeticException("once");
            }
        });
        JobStatus job = await _farm.RunAsync("stumbles", Order(request) with { CheckpointEvery = 2 });
        Assert.Equal(ToyModel.Draw(request), await _farm.PictureAsync(job));

        // Two steps were saved, the third was taken again.
        Assert.Equal((2, ToyModel.Steps + 2), (job.Attempt, calls));
    }

    [Fact]
    public async Task A_request_that_the_pipeline_refuses_fails_at_once()
    {
        JobStatus job = await _farm.RunAsync("refused", Order(_farm.Model.Request() with { Steps = -1 }));
        Assert.Equal((JobState.Failed, 1), (job.State, job.Attempt));
        Assert.Contains("Steps", job.Error, StringComparison.Ordinal);

        JobStatus nothing = await _farm.RunAsync("nothing", Order(_farm.Model.Request() with { Decodes = false }));
        Assert.Equal((JobState.Failed, 1), (nothing.State, nothing.Attempt));
        Assert.Contains("would make no picture", nothing.Error, StringComparison.Ordinal);

        JobStatus unreadable = await _farm.RunAsync("unreadable", Order(_farm.Model.Request()) with { Request = "{"u8.ToArray() });
        Assert.Equal((JobState.Failed, 1), (unreadable.State, unreadable.Attempt));
    }

    [Fact]
    public async Task Jobs_that_share_model_calls_share_them()
    {
        // The first waits for the second, then takes its time, so that they meet.
        int most = 0;
        var second = new TaskCompletionSource();
        GenerationRequest[] requests = [.. Enumerable.Range(0, 2).Select(i => _farm.Model.Request(call =>
        {
            if (i == 0 && call.Rows == 1)
            {
                second.Task.Wait(TestFarm.Patience);
                Thread.Sleep(5);
            }

            most = Math.Max(most, call.Rows);
        }) with { Steps = 100 })];
        await using TestFarm farm = await TestFarm.StartAsync(model: _farm.Model);
        await farm.Client.SubmitAsync("shared-0", Order(requests[0]) with { SharesModelCalls = true });
        await farm.Client.SubmitAsync("shared-1", Order(requests[1]) with { SharesModelCalls = true });
        await foreach (JobStatus _ in farm.Client.WatchAsync("shared-1"))
        {
            second.TrySetResult();
        }

        Assert.Equal(2, most);
        for (int i = 0; i < 2; i++)
        {
            // Rows of this model do not know of each other, so here even the bits are equal.
            Assert.Equal(ToyModel.Draw(requests[i]), await farm.PictureAsync(await farm.WaitAsync($"shared-{i}")));
        }
    }

    [Fact]
    public async Task Names_and_orders_that_make_no_sense_are_refused_before_anything_is_stored()
    {
        GenerationOrder order = Order(_farm.Model.Request());
        foreach (string name in (string[])["", "../up", "a/b", ".hidden", new string('a', 129), "a b"])
        {
            Assert.Contains("is no name of a job", (await Assert.ThrowsAsync<ArgumentException>(() => _farm.Client.SubmitAsync(name, order))).Message, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<ArgumentException>(() => _farm.Grain<IGenerationJob>(name).SubmitAsync(order));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _farm.Client.SubmitAsync("fine", order with { CheckpointEvery = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _farm.Client.SubmitAsync("fine", order with { PreviewEvery = -1 }));
        await Assert.ThrowsAsync<ArgumentException>(() => _farm.Client.SubmitAsync("fine", order with { Model = " " }));
        await Assert.ThrowsAsync<ArgumentException>(() => _farm.Client.SubmitAsync("fine", order with { Request = [] }));
        Assert.Null(await _farm.Client.GetStatusAsync("fine"));
    }

    private static GenerationOrder Order(GenerationRequest request) => GenerationOrder.Of(ToyModel.Name, request);

    // The last job is taken out of the queue right after its end is told.
    private async Task<QueueStatus> EmptyQueueAsync()
    {
        QueueStatus status = await _farm.Client.GetQueueAsync(ToyModel.Name);
        for (int i = 0; i < 100 && status.Running + status.Waiting > 0; i++)
        {
            await Task.Delay(50);
            status = await _farm.Client.GetQueueAsync(ToyModel.Name);
        }

        return status;
    }
}
