namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="WuerstchenScheduler"/>.</summary>
public sealed record WuerstchenOptions
{
    private readonly double _scaler = 1;
    private readonly double _offset = 0.008;

    /// <summary>How times are bent before ᾱ is taken of them, positive: above 1 towards noise, <c>1 - (1-t)^scaler</c>, below 1 too, <c>t^scaler</c>; 1 for not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Scaler
    {
        get => _scaler;
        init => _scaler = OptionValue.Positive(value);
    }

    /// <summary>s of the squared cosine (arXiv:2102.09672, eq. 17), positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Offset
    {
        get => _offset;
        init => _offset = OptionValue.Positive(value);
    }
}
