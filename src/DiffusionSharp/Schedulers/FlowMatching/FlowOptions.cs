namespace DiffusionSharp.Schedulers;

/// <summary>
/// What schedulers of flow-matching models have in common: the noise levels. The sample is <c>x = (1-σ)·x_0 + σ·ε</c> with σ in [0, 1],
/// the model predicts the velocity <c>ε - x_0</c> and is asked at <c>σ·N</c> (Lipman et al. 2023, arXiv:2210.02747; Esser et al. 2024,
/// arXiv:2403.03206).
/// </summary>
public abstract record FlowOptions
{
    /// <summary>N, the timestep that stands for pure noise, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int TrainingTimesteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1000;

    /// <summary>
    /// The time shift s, <c>σ' = s·σ / (1 + (s-1)·σ)</c> (arXiv:2403.03206, eq. 23), positive; 1 for none, 3 for SD3. Where the plan
    /// brings no σ of its own, the ends of the range are shifted ones already and are shifted again, as the reference implementation
    /// does. Not used where <see cref="DynamicShift"/> is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Shift { get; init => field = OptionValue.Positive(value, "The time shift"); } = 1;

    /// <summary>
    /// A shift that depends on the resolution, in place of <see cref="Shift"/>; null for none. μ is the plan's
    /// <see cref="SamplingPlan.Mu"/>; where that is null it follows from the shape of the sample.
    /// </summary>
    public DynamicShift? DynamicShift { get; init; }

    /// <summary>The σ that the shifted sequence is stretched to end at, in [0, 1); 0 to leave it. LTX-Video uses 0.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public double ShiftTerminal
    {
        get;
        init
        {
            if (!(value is >= 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The terminal sigma must be in [0, 1).");
            }

            field = value;
        }
    }

    /// <summary>How σ is spread between the first and the last of the shifted sequence; the shifted sequence itself by default.</summary>
    public SigmaSpacing SigmaSpacing { get; init; } = SigmaSpacing.Default;

    /// <summary>
    /// Whether n steps begin with the unshifted σ 1, 1 - 1/n, ..., 1/n, as the pipelines of Flux and its kin ask for; otherwise (the
    /// default) σ falls from the largest to the smallest of training.
    /// </summary>
    public bool StartsFromUniformSigmas { get; init; }
}
