using System.Diagnostics;

namespace DiffusionSharp.Diagnostics;

/// <summary>The steps of a loop in one span, which is current during each of them, whichever thread takes it. Costs nothing per step while nobody listens.</summary>
internal sealed class WatchedSteps : IDisposable
{
    private readonly GenerationWatch _watch;
    private readonly DenoisingLoop _loop;
    private readonly Activity? _span;
    private bool _hasEnded;

    public WatchedSteps(GenerationWatch watch, DenoisingLoop loop)
    {
        (_watch, _loop) = (watch, loop);
        if (IsDone)
        {
            _hasEnded = true;
            watch.Complete();
            return;
        }

        Activity? before = Activity.Current;
        _span = watch.StartSpan("denoise");
        SetCurrent(before);
    }

    // Also where there is no step to take.
    private bool IsDone => _loop.Index == _loop.Count - 1;

    /// <summary>Takes the next step; false when there is none left.</summary>
    public bool MoveNext()
    {
        Activity? before = Activity.Current;
        SetCurrent(_span);
        try
        {
            bool moved = _loop.MoveNext();
            if (moved && IsDone)
            {
                End(null);
                _watch.Complete();
            }

            return moved;
        }
        catch (Exception error)
        {
            End(error);
            _watch.Fail(error);
            throw;
        }
        finally
        {
            SetCurrent(before);
        }
    }

    public void Dispose() => End(null);

    private void SetCurrent(Activity? activity)
    {
        if (_span is not null)
        {
            Activity.Current = activity;
        }
    }

    private void End(Exception? error)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        GenerationTimings timings = _loop.Timings(decoding: TimeSpan.Zero);
        _span?.SetTag(Telemetry.Steps, timings.Steps);
        _watch.EndSpan(_span, error);
        _watch.Record(Telemetry.Denoise, timings.Denoising.TotalSeconds, error);
        if (timings.Denoising > TimeSpan.Zero)
        {
            _watch.Record(Telemetry.Speed, timings.Steps / timings.Denoising.TotalSeconds, error);
        }
    }
}
