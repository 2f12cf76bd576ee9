using System.Runtime.ExceptionServices;

namespace DiffusionSharp;

/// <summary>
/// Parts that several pipelines and generations may hold: they are released when the last one lets go. Counted, so that a derived pipeline
/// outlives the one that it came from.
/// </summary>
internal sealed class PartOwner
{
    private readonly object[] _parts;
    private int _holders = 1;

    /// <summary>Takes over parts; whoever creates the owner is its first holder.</summary>
    public PartOwner(IEnumerable<object> parts) => _parts = [.. parts.Distinct(ReferenceEqualityComparer.Instance)];

    /// <summary>Holds on; false where the parts are released already.</summary>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int found = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (found == holders)
            {
                return true;
            }

            holders = found;
        }

        return false;
    }

    /// <summary>Lets go; the last one releases the parts.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        var errors = new List<Exception>();
        foreach (object part in _parts)
        {
            try
            {
                Dispose(part);
            }
            catch (Exception error)
            {
                errors.Add(error);
            }
        }

        Throw(errors);
    }

    /// <summary>Lets go; the last one releases the parts, asynchronously those that can be.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        var errors = new List<Exception>();
        foreach (object part in _parts)
        {
            try
            {
                if (part is IAsyncDisposable asynchronous)
                {
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    Dispose(part);
                }
            }
            catch (Exception error)
            {
                errors.Add(error);
            }
        }

        Throw(errors);
    }

    private static void Dispose(object part)
    {
        if (part is IDisposable disposable)
        {
            disposable.Dispose();
        }
        else if (part is IAsyncDisposable asynchronous)
        {
            asynchronous.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // One that throws does not keep the others alive.
    private static void Throw(List<Exception> errors)
    {
        if (errors is [var only])
        {
            ExceptionDispatchInfo.Throw(only);
        }

        if (errors.Count > 0)
        {
            throw new AggregateException("Several parts of a pipeline threw when they were released.", errors);
        }
    }
}
