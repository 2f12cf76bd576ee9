namespace DiffusionSharp.Prediction;

/// <summary>How calls of concurrent generations are merged.</summary>
public sealed record BatchingOptions
{
    /// <summary>
    /// The most rows of one call, at least 1; 8 by default. A picture is one row, with guidance two. A generation that alone needs more
    /// runs alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxRows
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8;

    /// <summary>
    /// How long a call waits at most for generations that are between two calls, from 0 to a minute; 2 ms by default. It does not wait
    /// when it is full, when nobody is missing, or for a generation that it has waited for in vain.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than a minute.</exception>
    public TimeSpan MaxWait
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(2);
}
