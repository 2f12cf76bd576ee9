namespace DiffusionSharp.Schedulers;

/// <summary>The variance of the noise that a DDPM step adds. β̃_t is the posterior variance, eq. 7 of arXiv:2006.11239.</summary>
public enum VarianceType
{
    /// <summary>β̃_t, at least 1e-20: right for data that is a point.</summary>
    FixedSmall,

    /// <summary>β̃_t through its logarithm; the same variance as <see cref="FixedSmall"/>.</summary>
    FixedSmallLog,

    /// <summary>β_t of the step: right for data that is unit normal.</summary>
    FixedLarge,

    /// <summary>β_t through its logarithm; the same variance as <see cref="FixedLarge"/>.</summary>
    FixedLargeLog,

    /// <summary>The model's second half of channels is the variance itself.</summary>
    Learned,

    /// <summary>
    /// The model's second half of channels v in [-1, 1] interpolates between log β̃_t and log β_t
    /// (Nichol &amp; Dhariwal 2021, arXiv:2102.09672, eq. 15), as in ADM and DeepFloyd IF.
    /// </summary>
    LearnedRange,
}
