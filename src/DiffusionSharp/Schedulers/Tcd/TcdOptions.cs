namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="TcdScheduler"/>. Symbols are those of arXiv:2402.19159. The defaults are those of TCDs of Stable Diffusion.</summary>
public sealed record TcdOptions : DiscreteSchedulerOptions
{
    /// <summary>The default options.</summary>
    public TcdOptions()
    {
        Schedule = NoiseSchedule.ScaledLinear();
        Clipping = SampleClipping.None;
    }

    /// <summary>γ, how random a step is, in [0, 1] (algorithm 2): 0 is deterministic, 1 goes to timestep 0 and noises anew; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta { get; init => field = OptionValue.Eta(value); } = 0.3;

    /// <summary>Number of timesteps that the model was distilled on, among which steps are chosen; at least 1. <see cref="TimestepSpacing"/> is not used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int OriginalInferenceSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 50;

    /// <summary>Whether steps are chosen among all training timesteps instead of the distilled ones. False by default.</summary>
    public bool UsesAllTimesteps { get; init; }
}
