namespace DiffusionSharp;

/// <summary>A hold on everything that a pipeline is made of: that of the pipeline itself, or of one of its generations. Released once.</summary>
internal sealed class PartHold : IDisposable, IAsyncDisposable
{
    private readonly PartOwner[] _owners;
    private int _isReleased;

    /// <summary>A hold that takes over the owners' own.</summary>
    public PartHold(IEnumerable<PartOwner> owners) => _owners = [.. owners];

    public IReadOnlyList<PartOwner> Owners => _owners;

    public bool IsReleased => Volatile.Read(ref _isReleased) != 0;

    /// <summary>A hold beside another one; null where the parts are released already.</summary>
    public static PartHold? TryBeside(IReadOnlyList<PartOwner> owners)
    {
        for (int i = 0; i < owners.Count; i++)
        {
            if (!owners[i].TryHold())
            {
                for (int held = 0; held < i; held++)
                {
                    owners[held].Release();
                }

                return null;
            }
        }

        return new PartHold(owners);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            foreach (PartOwner owner in _owners)
            {
                owner.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            foreach (PartOwner owner in _owners)
            {
                await owner.ReleaseAsync().ConfigureAwait(false);
            }
        }
    }
}
