using DiffusionSharp.Orleans.Tests.Support;

namespace DiffusionSharp.Orleans.Tests;

/// <summary>Who is next, and who may submit.</summary>
public sealed class QueueTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly FairLine _line = new();

    [Fact]
    public void Tenants_take_turns_however_many_jobs_each_has()
    {
        for (int i = 0; i < 4; i++)
        {
            _line.Add($"a{i}", "a");
        }

        _line.Add("b0", "b");
        _line.Add("b1", "b");
        _line.Add("c0", "c");
        Assert.Equal(["a0", "b0", "c0", "a1", "b1", "a2", "a3"], Enumerable.Range(0, 7).Select(_ => TakeAndEnd()));
        Assert.Null(_line.Next());
        Assert.Equal(0, _line.Count);
    }

    [Fact]
    public void The_next_job_is_of_the_tenant_for_whom_the_fewest_run()
    {
        for (int i = 0; i < 6; i++)
        {
            _line.Add($"a{i}", "a");
        }

        Assert.Equal(["a0", "a1", "a2"], [Take(), Take(), Take()]);
        _line.Add("b0", "b");
        _line.Add("b1", "b");
        _line.Add("b2", "b");
        Assert.Equal(["b0", "b1", "b2", "a3"], [Take(), Take(), Take(), Take()]);
        Assert.Equal((9, 7, true), (_line.Count, _line.Running, _line.HasWaiting));
        Assert.Equal((6, 3, 0), (_line.CountOf("a"), _line.CountOf("b"), _line.CountOf("c")));
    }

    [Fact]
    public void Who_comes_back_with_one_job_each_time_does_not_overtake()
    {
        _line.Add("a0", "a");
        _line.Add("a1", "a");
        _line.Add("b0", "b");
        Assert.Equal("a0", TakeAndEnd());
        Assert.Equal("b0", TakeAndEnd());
        _line.Add("b1", "b");
        Assert.Equal("a1", TakeAndEnd());
    }

    [Fact]
    public void Jobs_come_back_when_their_silo_goes_or_their_lease_ends()
    {
        foreach (string job in (string[])["j0", "j1", "j2", "j3"])
        {
            _line.Add(job, "a");
        }

        _line.Give("j0", "gone", Now.AddSeconds(30));
        _line.Give("j1", "here", Now.AddSeconds(30));
        _line.Give("j2", "here", Now.AddSeconds(30));
        Assert.Equal(["gone", "here"], _line.Silos.Order());
        Assert.True(_line.Renew("j1", "here", Now.AddSeconds(60)));
        Assert.False(_line.Renew("j1", "gone", Now.AddSeconds(60)));
        Assert.Equal(1, _line.Reclaim(place => place.Silo == "gone"));
        Assert.Equal("j0", _line.Next());
        Assert.Equal(1, _line.Reclaim(place => place.Expires <= Now.AddSeconds(30)));
        Assert.Equal(["j2", "j0", "j3"], [Take(), Take(), Take()]);
        Assert.True(_line.IsOf("j1", "here"));

        _line.Return("j0", isFirst: false);
        _line.Return("j2", isFirst: false);
        Assert.Equal([("j1", "here"), ("j3", "silo"), ("j0", null), ("j2", null)], _line.Jobs.Select(job => (job.Job, job.Silo)));
        Assert.True(_line.Remove("j1"));
        Assert.True(_line.Remove("j0"));
        Assert.False(_line.Remove("j0"));
        Assert.Equal((2, 1), (_line.Count, _line.Running));
    }

    [Fact]
    public void A_tenant_may_submit_a_burst_and_then_as_fast_as_the_limit()
    {
        var time = new ManualTime();
        var limit = new RateLimit(perMinute: 30, burst: 3, time, []);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero], [limit.Take("a"), limit.Take("a"), limit.Take("a")]);
        Assert.Equal(TimeSpan.FromSeconds(2), limit.Take("a"));
        Assert.Equal(TimeSpan.Zero, limit.Take("b"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), limit.Take("a"));
        limit.Trim();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, limit.Take("a"));
        time.Advance(TimeSpan.FromHours(1));
        limit.Trim();
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero], [limit.Take("a"), limit.Take("a"), limit.Take("a")]);
        Assert.NotEqual(TimeSpan.Zero, limit.Take("a"));
    }

    [Fact]
    public async Task Changes_that_come_together_are_written_together_and_fail_together()
    {
        int writes = 0;
        var gate = new TaskCompletionSource();
        var commit = new GroupCommit(async () =>
        {
            writes++;
            await gate.Task;
            if (writes == 1)
            {
                throw new IOException("full");
            }
        });
        var grain = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        Task<Task> Save() => grain.StartNew(commit.SaveAsync);
        Task first = await Save();
        while (Volatile.Read(ref writes) == 0)
        {
            await Task.Yield();
        }

        Task[] second = [.. await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Save()))];
        gate.SetResult();
        await Assert.ThrowsAsync<IOException>(() => first);
        await Task.WhenAll(second);
        Assert.Equal(2, writes);
    }

    [Fact]
    public async Task Submissions_beyond_a_limit_are_refused_with_words_and_nothing_of_them_is_kept()
    {
        await using TestFarm farm = await TestFarm.StartAsync(configure: options =>
        {
            options.Models = [];
            (options.QueueLength, options.QueueLengthPerTenant, options.SubmissionsPerMinute, options.SubmissionBurst) = (4, 2, 1, 3);
        });
        GenerationOrder Order(string tenant) => GenerationOrder.Of(ToyModel.Name, new GenerationRequest()) with { Tenant = tenant };
        await farm.Client.SubmitAsync("a-0", Order("a"));
        await farm.Client.SubmitAsync("a-1", Order("a"));
        await farm.Client.SubmitAsync("a-1", Order("a"));
        SubmissionRefusedException tooMany = await Assert.ThrowsAsync<SubmissionRefusedException>(() => farm.Client.SubmitAsync("a-2", Order("a")));
        Assert.Equal("'a' has 2 jobs in the queue of 'toy', which is as many as it may.", tooMany.Message);
        Assert.Null(await farm.Client.GetStatusAsync("a-2"));

        await farm.Client.CancelAsync("a-0");
        await farm.Client.SubmitAsync("a-2", Order("a"));
        await farm.Client.CancelAsync("a-1");
        SubmissionRefusedException tooFast = await Assert.ThrowsAsync<SubmissionRefusedException>(() => farm.Client.SubmitAsync("a-3", Order("a")));
        Assert.Equal("'a' submits more than 1 jobs a minute for 'toy'.", tooFast.Message);
        Assert.InRange(tooFast.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

        await farm.Client.SubmitAsync("b-0", Order("b"));
        await farm.Client.SubmitAsync("b-1", Order("b"));
        await farm.Client.SubmitAsync("c-0", Order("c"));
        SubmissionRefusedException full = await Assert.ThrowsAsync<SubmissionRefusedException>(() => farm.Client.SubmitAsync("c-1", Order("c")));
        Assert.Equal("The queue of 'toy' has 4 jobs, which is as many as it may.", full.Message);
        Assert.Equal(new QueueStatus(4, 0, 0), await farm.Client.GetQueueAsync(ToyModel.Name));
    }

    [Fact]
    public async Task What_a_tenant_may_still_submit_outlives_the_silos()
    {
        void Limit(FarmOptions options)
        {
            options.Models = [];
            (options.SubmissionsPerMinute, options.SubmissionBurst) = (0.01, 2);
        }

        GenerationOrder order = GenerationOrder.Of(ToyModel.Name, new GenerationRequest());
        var stored = new StoredState();
        await using (TestFarm before = await TestFarm.StartAsync(stored: stored, configure: Limit))
        {
            await before.Client.SubmitAsync("a-0", order);
            await before.Client.SubmitAsync("a-1", order);
        }

        await using TestFarm after = await TestFarm.StartAsync(stored: stored, configure: Limit);
        SubmissionRefusedException tooFast = await Assert.ThrowsAsync<SubmissionRefusedException>(() => after.Client.SubmitAsync("a-2", order));
        Assert.InRange(tooFast.RetryAfter, TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(100));
    }

    [Fact]
    public void Options_that_make_no_sense_are_named()
    {
        Assert.Null(new FarmOptions().Problem());
        Assert.Equal("FarmOptions.MaxTries must be at least 1.", new FarmOptions { MaxTries = 0 }.Problem());
        Assert.Equal("FarmOptions.LeaseDuration must be at least 5 seconds.", new FarmOptions { LeaseDuration = TimeSpan.FromSeconds(1) }.Problem());
        Assert.Equal("FarmOptions.SubmissionsPerMinute must be above 0.", new FarmOptions { SubmissionsPerMinute = 0 }.Problem());
        Assert.Equal("FarmOptions.SubmissionsPerMinute must be above 0.", new FarmOptions { SubmissionsPerMinute = double.NaN }.Problem());
    }

    private string Take()
    {
        string job = _line.Next()!;
        _line.Give(job, "silo", Now.AddHours(1));
        return job;
    }

    private string TakeAndEnd()
    {
        string job = Take();
        _line.Remove(job);
        return job;
    }

    private sealed class ManualTime : TimeProvider
    {
        private TimeSpan _now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

        public void Advance(TimeSpan time) => _now += time;
    }
}
