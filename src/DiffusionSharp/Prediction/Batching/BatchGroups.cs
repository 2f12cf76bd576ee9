using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>The groups that somebody needs, one for each shape of rows. Safe for concurrent use.</summary>
internal sealed class BatchGroups(IRowwisePredictor predictor) : IDisposable
{
    private readonly Dictionary<string, BatchGroup> _groups = [];
    private bool _disposed;

    /// <summary>The group of a generation, which one more needs from now on, and the model's run for its rows alone: so the model checks them now.</summary>
    public (BatchGroup Group, BatchCall Call) Join(int rows, SampleShape shape, Conditioning conditioning)
    {
        BatchGroup group = Join(RowShape.Of(shape, conditioning));
        try
        {
            return (group, group.Call(rows, shape, conditioning));
        }
        catch
        {
            Release(group);
            throw;
        }
    }

    /// <summary>One more needs a group that others need, too.</summary>
    public void Hold(BatchGroup group)
    {
        lock (_groups)
        {
            group.Users++;
        }
    }

    /// <summary>One who needed a group goes; the last one disposes it.</summary>
    public void Release(BatchGroup group)
    {
        lock (_groups)
        {
            if (--group.Users == 0)
            {
                _groups.Remove(group.RowShape);
                group.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_groups)
        {
            _disposed = true;
            foreach (BatchGroup group in _groups.Values)
            {
                group.Dispose();
            }
        }
    }

    private BatchGroup Join(string rowShape)
    {
        lock (_groups)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(BatchingNoisePredictor));
            if (!_groups.TryGetValue(rowShape, out BatchGroup? group))
            {
                _groups[rowShape] = group = new BatchGroup(predictor, rowShape);
            }

            group.Users++;
            return group;
        }
    }
}
