namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="WuerstchenScheduler"/>.</summary>
public sealed record WuerstchenOptions
{
    /// <summary>How times are bent before ᾱ is taken of them, positive: above 1 towards noise, <c>1 - (1-t)^scaler</c>, below 1 too, <c>t^scaler</c>; 1 for not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Scaler { get; init => field = OptionValue.Positive(value); } = 1;

    /// <summary>s of the squared cosine (arXiv:2102.09672, eq. 17), positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Offset { get; init => field = OptionValue.Positive(value); } = 0.008;
}
