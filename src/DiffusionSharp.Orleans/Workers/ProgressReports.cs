namespace DiffusionSharp.Orleans;

/// <summary>How far an attempt is.</summary>
/// <param name="Step">Model calls made.</param>
/// <param name="Count">Model calls in all.</param>
/// <param name="Previews">A picture each; none where there is no preview.</param>
internal readonly record struct ProgressReport(int Step, int Count, byte[][] Previews);

/// <summary>Sends reports one at a time, without the generation waiting for them: one that is overtaken by the next is left out, but not its preview.</summary>
/// <param name="send">Sends a report; false where the attempt is over.</param>
/// <param name="end">Ends the attempt.</param>
internal sealed class ProgressReports(Func<ProgressReport, Task<bool>> send, Action end)
{
    private readonly Lock _gate = new();
    private ProgressReport? _next;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>From now on no answer ends the attempt, which is about to end by itself.</summary>
    public void Close()
    {
        lock (_gate)
        {
            (_isClosed, _next) = (true, null);
        }
    }

    public void Post(ProgressReport report)
    {
        lock (_gate)
        {
            _next = report.Previews.Length == 0 && _next is { } before ? report with { Previews = before.Previews } : report;
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = Task.Run(SendAllAsync);
    }

    private async Task SendAllAsync()
    {
        while (Take() is { } report)
        {
            try
            {
                if (!await send(report).ConfigureAwait(false))
                {
                    End();
                }
            }
            catch (Exception)
            {
                // The next report tells more than this one would have.
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                end();
            }
        }
    }

    private ProgressReport? Take()
    {
        lock (_gate)
        {
            ProgressReport? next = _next;
            _next = null;
            _isSending = next is not null;
            return next;
        }
    }
}
