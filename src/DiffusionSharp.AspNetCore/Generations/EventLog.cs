using System.Runtime.CompilerServices;

namespace DiffusionSharp.AspNetCore;

/// <summary>What happened in a generation, for any number of readers, each at its own pace and from whichever event on.</summary>
internal sealed class EventLog
{
    private readonly Lock _lock = new();
    private readonly List<ImageEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isComplete;

    public void Add(ImageEvent happened) => Change(() => _events.Add(happened));

    /// <summary>Nothing will happen any more.</summary>
    public void Complete() => Change(() => _isComplete = true);

    /// <summary>The events with their numbers, those that are there and those to come.</summary>
    /// <param name="first">The number of the first one wanted, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async IAsyncEnumerable<(int Number, ImageEvent Event)> ReadAsync(int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int next = first; ; next++)
        {
            ImageEvent? happened;
            Task more;
            bool isComplete;
            do
            {
                lock (_lock)
                {
                    happened = next < _events.Count ? _events[next] : null;
                    (more, isComplete) = (_more.Task, _isComplete);
                }

                if (happened is null && !isComplete)
                {
                    await more.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            while (happened is null && !isComplete);

            if (happened is null)
            {
                yield break;
            }

            yield return (next, happened);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource waited;
        lock (_lock)
        {
            change();
            waited = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waited.SetResult();
    }
}
