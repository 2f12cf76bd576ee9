namespace DiffusionSharp.Schedulers;

/// <summary>How n inference timesteps are chosen among N training timesteps (Lin et al. 2023, arXiv:2305.08891, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>Multiples of N div n plus an offset, from 0 upwards; the noisiest timesteps are left out.</summary>
    Leading,

    /// <summary>Every N/n-th timestep counted down from N - 1, rounded half to even; the cleanest ones are left out.</summary>
    Trailing,

    /// <summary>Evenly from 0 to N - 1, both ends included, rounded half to even.</summary>
    Linspace,
}
