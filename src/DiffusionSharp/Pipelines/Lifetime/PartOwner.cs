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

    /// <summary>Whether the parts are somebody else's to release.</summary>
    public bool LeavesOpen { get; init; }

    /// <summary>Whether this is one of the parts.</summary>
    public bool Has(object part) => _parts.Contains(part, ReferenceEqualityComparer.Instance);

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

    /// <summary>Lets go; the last one releases the parts. One that throws does not keep the others alive.</summary>
    /// <param name="errors">Receives what parts throw.</param>
    public void Release(List<Exception> errors)
    {
        foreach (object part in Leave())
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
    }

    /// <summary>As <see cref="Release"/>, asynchronously for parts that can be.</summary>
    public async ValueTask ReleaseAsync(List<Exception> errors)
    {
        foreach (object part in Leave())
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

    /// <summary>Lets go, and says what is to be released.</summary>
    private object[] Leave() => Interlocked.Decrement(ref _holders) == 0 && !LeavesOpen ? _parts : [];
}
