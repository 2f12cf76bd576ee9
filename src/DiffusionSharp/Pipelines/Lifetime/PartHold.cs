using System.Runtime.ExceptionServices;
using DiffusionSharp.Diagnostics;

namespace DiffusionSharp;

/// <summary>A hold on everything that a pipeline is made of: that of the pipeline itself, or of one of its generations. Released once.</summary>
internal sealed class PartHold : IDisposable, IAsyncDisposable
{
    private readonly PartOwner[] _owners;
    private readonly bool _isOfGeneration;
    private int _isReleased;

    /// <summary>A pipeline's hold, which takes over the owners' own.</summary>
    public PartHold(IEnumerable<PartOwner> owners) => _owners = [.. owners];

    private PartHold(PartOwner[] owners, bool isOfGeneration) => (_owners, _isOfGeneration) = (owners, isOfGeneration);

    public IReadOnlyList<PartOwner> Owners => _owners;

    public bool IsReleased => Volatile.Read(ref _isReleased) != 0;

    /// <summary>A generation's hold beside this one; null where the parts are released already.</summary>
    public PartHold? TryBeside()
    {
        for (int i = 0; i < _owners.Length; i++)
        {
            if (!_owners[i].TryHold())
            {
                new PartHold(_owners[..i], isOfGeneration: true).Dispose();
                return null;
            }
        }

        return new PartHold(_owners, isOfGeneration: true);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            var errors = new List<Exception>();
            foreach (PartOwner owner in _owners)
            {
                owner.Release(errors);
            }

            Report(errors);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            var errors = new List<Exception>();
            foreach (PartOwner owner in _owners)
            {
                await owner.ReleaseAsync(errors).ConfigureAwait(false);
            }

            Report(errors);
        }
    }

    // A generation that happens to be the last holder is not to blame: its result stays, and so does its own error.
    private void Report(List<Exception> errors)
    {
        if (_isOfGeneration)
        {
            errors.ForEach(Telemetry.NoteReleaseError);
        }
        else if (errors is [var only])
        {
            ExceptionDispatchInfo.Throw(only);
        }
        else if (errors.Count > 0)
        {
            throw new AggregateException("Several parts of a pipeline threw when they were released.", errors);
        }
    }
}
