namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="LcmScheduler"/>. Symbols are those of arXiv:2310.04378. The defaults are those of LCMs of Stable Diffusion.</summary>
public sealed record LcmOptions : DiscreteSchedulerOptions
{
    /// <summary>The default options.</summary>
    public LcmOptions()
    {
        Schedule = NoiseSchedule.ScaledLinear();
        Clipping = SampleClipping.None;
    }

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

    /// <summary>What a timestep is multiplied with in c_skip and c_out (eq. 9); the larger, the closer c_out is to 1. A positive number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double TimestepScaling { get; init => field = OptionValue.Positive(value, "The timestep scaling"); } = 10;
}
