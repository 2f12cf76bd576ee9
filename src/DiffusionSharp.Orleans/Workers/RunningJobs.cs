namespace DiffusionSharp.Orleans;

/// <summary>The jobs that a silo works on.</summary>
internal sealed class RunningJobs
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Running> _jobs = [];
    private TaskCompletionSource _ended = NewSignal();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _jobs.Count;
            }
        }
    }

    /// <summary>Begins with a job.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="job">Its name.</param>
    /// <param name="run">Works on it, until the first token says that it is somebody else's; the second says that the silo stops.</param>
    /// <param name="turn">Is over with it.</param>
    /// <param name="stops">The silo stops.</param>
    public void Start(string model, string job, Func<CancellationToken, CancellationToken, Task> run, IDisposable turn, CancellationToken stops)
    {
        var running = new Running(model);
        lock (_gate)
        {
            // One that was lost and comes again while its first attempt has not noticed: the new attempt ends that one.
            _jobs.GetValueOrDefault(job)?.Lost.Cancel();
            _jobs[job] = running;
        }

        running.Task = Task.Run(
            async () =>
            {
                try
                {
                    await run(running.Lost.Token, stops).ConfigureAwait(false);
                }
                finally
                {
                    turn.Dispose();
                    End(job, running);
                }
            },
            CancellationToken.None);
    }

    /// <summary>The jobs of each model.</summary>
    public (string Model, string[] Jobs)[] ByModel()
    {
        lock (_gate)
        {
            return [.. _jobs.GroupBy(job => job.Value.Model, job => job.Key).Select(group => (group.Key, group.ToArray()))];
        }
    }

    /// <summary>The jobs of a model.</summary>
    public string[] Of(string model)
    {
        lock (_gate)
        {
            return [.. _jobs.Where(job => job.Value.Model == model).Select(job => job.Key)];
        }
    }

    /// <summary>A job is no longer this silo's.</summary>
    public void Lose(string job)
    {
        lock (_gate)
        {
            _jobs.GetValueOrDefault(job)?.Lost.Cancel();
        }
    }

    /// <summary>Stops all jobs where they are.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            foreach (Running running in _jobs.Values)
            {
                running.Lost.Cancel();
            }
        }
    }

    /// <summary>Done when the next job ends.</summary>
    public Task OneEndedAsync()
    {
        lock (_gate)
        {
            return _ended.Task;
        }
    }

    /// <summary>Done when all have ended.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_jobs.Values.Select(running => running.Task));
        }
    }

    private void End(string job, Running running)
    {
        TaskCompletionSource ended;
        lock (_gate)
        {
            if (_jobs.GetValueOrDefault(job) == running)
            {
                _jobs.Remove(job);
            }

            ended = _ended;
            _ended = NewSignal();
        }

        ended.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Running(string model)
    {
        public string Model => model;

        public CancellationTokenSource Lost { get; } = new();

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
