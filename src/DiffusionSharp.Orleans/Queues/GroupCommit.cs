namespace DiffusionSharp.Orleans;

/// <summary>Writes what many have changed at once: whoever comes while a write is under way shares the next one. For one scheduler, as a grain's.</summary>
/// <param name="write">Writes everything as it is at the call.</param>
internal sealed class GroupCommit(Func<Task> write)
{
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Done when what is changed by now is written.</summary>
    public Task SaveAsync() => _next ??= WriteNextAsync();

    private async Task WriteNextAsync()
    {
        Task before = _running;
        await Task.Yield();
        await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _running = _next!;
        _next = null;
        await write();
    }
}
