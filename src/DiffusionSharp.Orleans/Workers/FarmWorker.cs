using DiffusionSharp.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Orleans;

/// <summary>What a silo works: for each of its models it asks the queue for jobs as long as the model's device has a turn free, and renews the leases of what it has.</summary>
internal sealed class FarmWorker(
    IDiffusionPipelineProvider pipelines,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IBlobStore blobs,
    IOptions<FarmOptions> options,
    ILogger<FarmWorker> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int AfterActive = ServiceLifecycleStage.Active + 1;

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    // How long a turn that others of the process have taken goes unnoticed when it is free.
    private static readonly TimeSpan LookForTurn = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stops = new();
    private readonly RunningJobs _jobs = new();
    private readonly SharedPipelines _shared = new(options);
    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private Task _loops = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(FarmWorker), AfterActive, StartAsync, StopAsync);

    public void Dispose()
    {
        _stops.Dispose();
        _shared.Dispose();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        string[] models = [.. options.Value.Models ?? pipelines.Models.Select(model => model.Name)];
        foreach (string model in models)
        {
            // Throws for one that the host does not have.
            pipelines.GetStatus(model);
        }

        // Not on the scheduler of the silo's start.
        _loops = Task.Run(() => Task.WhenAll([.. models.Select(PullAsync), RenewAsync()]), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stops.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loops.WaitAsync(cancellationToken).ConfigureAwait(false);
            await _jobs.EndAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // No time is left: others find the jobs where they were saved last.
            _jobs.Abandon();
        }
    }

    private async Task PullAsync(string model)
    {
        IQueueWork queue = grains.GetGrain<IQueueWork>(model);
        bool hasMissed = false;
        while (!_stops.IsCancellationRequested)
        {
            try
            {
                if (hasMissed)
                {
                    await queue.ReturnOthersAsync(_silo, _jobs.Of(model)).ConfigureAwait(false);
                    hasMissed = false;
                }

                if (await queue.WaitForWorkAsync().WaitAsync(_stops.Token).ConfigureAwait(false))
                {
                    // If this fails, there may be a job in the answer.
                    hasMissed = true;
                    await TakeAsync(model, queue).ConfigureAwait(false);
                    hasMissed = false;
                }
            }
            catch (Exception) when (_stops.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                logger.CannotPull(model, e);
                await Task.Delay(AfterFault).ConfigureAwait(false);
            }
        }
    }

    // The turn first, then the job, so that no job is with a silo that cannot begin.
    private async Task TakeAsync(string model, IQueueWork queue)
    {
        GenerationSlot? slot = await pipelines.TryEnterAsync(model).ConfigureAwait(false);
        if (slot is null)
        {
            await Task.WhenAny(_jobs.OneEndedAsync(), Task.Delay(LookForTurn, _stops.Token)).ConfigureAwait(false);
            return;
        }

        try
        {
            if (await queue.TakeAsync(_silo).ConfigureAwait(false) is { } job)
            {
                var run = new JobRun(job, _silo, slot, grains.GetGrain<IJobWork>(job), queue, blobs, _shared, options.Value, logger);
                _jobs.Start(model, job, run.RunAsync, slot, _stops.Token);
                slot = null;
            }
        }
        finally
        {
            slot?.Dispose();
        }
    }

    // To the end of the last job, also while the silo stops.
    private async Task RenewAsync()
    {
        while (!_stops.IsCancellationRequested || _jobs.Count > 0)
        {
            foreach ((string model, string[] jobs) in _jobs.ByModel())
            {
                try
                {
                    foreach (string lost in await grains.GetGrain<IQueueWork>(model).RenewAsync(_silo, jobs).ConfigureAwait(false))
                    {
                        _jobs.Lose(lost);
                    }
                }
                catch (Exception e)
                {
                    logger.CannotRenew(model, e);
                }
            }

            await (_stops.IsCancellationRequested
                ? Task.WhenAny(Task.Delay(RenewEvery), _jobs.OneEndedAsync())
                : Task.WhenAny(Task.Delay(RenewEvery, _stops.Token))).ConfigureAwait(false);
        }
    }
}
