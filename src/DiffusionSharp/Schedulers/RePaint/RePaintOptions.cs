namespace DiffusionSharp.Schedulers;

/// <summary>
/// Options of <see cref="RePaintScheduler"/>. Symbols are those of arXiv:2201.09865. Timesteps are the multiples of N div n from 0 up, whatever
/// <see cref="DiscreteSchedulerOptions.TimestepSpacing"/> and <see cref="DiscreteSchedulerOptions.StepsOffset"/> say.
/// </summary>
public sealed record RePaintOptions : DiscreteSchedulerOptions
{
    /// <summary>η, how much of DDPM's noise a step adds to what is drawn anew, in [0, 1]: 0, the default, is DDIM, 1 the paper's DDPM.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta { get; init => field = OptionValue.Eta(value); }

    /// <summary>j, how many steps a jump goes back towards noise, at least 1. 10 by default. A generation of no more steps than this has no jumps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int JumpLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>r, how often each stretch of <see cref="JumpLength"/> steps is gone through, at least 1; 1 for no jumps. 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int JumpSamples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;
}
