using System.Threading.RateLimiting;
using DiffusionSharp.Hosting.Lifetime;

namespace DiffusionSharp.Hosting.Queue;

/// <summary>The turns of one device.</summary>
internal sealed class DeviceQueue(string device, GenerationQueueOptions options, HostLifetime lifetime, TimeProvider time) : IDisposable
{
    private const double WeightOfLast = 0.2;

    private static readonly TimeSpan WhileStopping = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = options.Concurrency, QueueLimit = options.QueueLength, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly Lock _gate = new();
    private double? _meanSeconds;

    public DeviceLoad Load
    {
        get
        {
            RateLimiterStatistics now = _limiter.GetStatistics()!;
            return new DeviceLoad(options.Concurrency - (int)now.CurrentAvailablePermits, (int)now.CurrentQueuedCount, options.Concurrency, options.QueueLength);
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <returns>Ends the turn.</returns>
    public async Task<Action> EnterAsync(CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.Stopping);
        long asked = time.GetTimestamp();
        QueueMetrics.Waiting.Add(1, QueueMetrics.On(device));
        RateLimitLease lease;
        try
        {
            lease = await _limiter.AcquireAsync(1, giveUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused(RefusalReason.Stopping);
        }
        finally
        {
            QueueMetrics.Waiting.Add(-1, QueueMetrics.On(device));
        }

        if (!lease.IsAcquired)
        {
            throw Refused(RefusalReason.QueueFull);
        }

        Action leave = Begin(lease) ?? throw Refused(RefusalReason.Stopping);
        QueueMetrics.Wait.Record(time.GetElapsedTime(asked).TotalSeconds, QueueMetrics.On(device));
        return leave;
    }

    /// <summary>A turn, if one is free.</summary>
    /// <returns>Ends the turn; null where none is free.</returns>
    public Action? TryEnter()
    {
        ThrowIfStopping();
        RateLimitLease lease = _limiter.AttemptAcquire(1);
        return lease.IsAcquired ? Begin(lease) ?? throw Refused(RefusalReason.Stopping) : null;
    }

    public void Dispose() => _limiter.Dispose();

    // Null where the application has begun to stop meanwhile.
    private Action? Begin(RateLimitLease lease)
    {
        if (!lifetime.TryEnter())
        {
            lease.Dispose();
            return null;
        }

        long began = time.GetTimestamp();
        QueueMetrics.Running.Add(1, QueueMetrics.On(device));
        return () =>
        {
            QueueMetrics.Running.Add(-1, QueueMetrics.On(device));
            Note(time.GetElapsedTime(began).TotalSeconds);
            lease.Dispose();
            lifetime.Leave();
        };
    }

    private void ThrowIfStopping()
    {
        if (lifetime.Stopping.IsCancellationRequested)
        {
            throw Refused(RefusalReason.Stopping);
        }
    }

    private GenerationRefusedException Refused(RefusalReason reason)
    {
        QueueMetrics.Refusals.Add(1, QueueMetrics.On(device));
        return reason == RefusalReason.Stopping
            ? new GenerationRefusedException(reason, WhileStopping, "The application is stopping and begins no further generation.")
            : new GenerationRefusedException(reason, UntilATurn(), $"{options.Concurrency} generations run on {device} and {options.QueueLength} wait, which is as many as may.");
    }

    private void Note(double seconds)
    {
        lock (_gate)
        {
            _meanSeconds = _meanSeconds is { } mean ? mean + (WeightOfLast * (seconds - mean)) : seconds;
        }
    }

    // Until the queue would have a turn for one more.
    private TimeSpan UntilATurn()
    {
        lock (_gate)
        {
            double seconds = (_meanSeconds ?? 1) * (options.QueueLength + 1) / options.Concurrency;
            return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(seconds), 1, 3600));
        }
    }
}
