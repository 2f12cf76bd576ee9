namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DdpmScheduler"/>. The defaults are those of the paper's models: pixels, linear schedule, noise prediction.</summary>
public sealed record DdpmOptions : DiscreteSchedulerOptions
{
    /// <summary>The variance of the noise that a step adds.</summary>
    public VarianceType VarianceType { get; init; } = VarianceType.FixedSmall;

    /// <summary>
    /// Whether a step to the timestep right before, and that from timestep 0, takes β_t as the noise schedule has it, as UnCLIP's models do,
    /// instead of <c>1 - ᾱ_t/ᾱ_{t-1}</c>, which is the same up to the rounding of ᾱ to float32. False by default.
    /// </summary>
    public bool UsesScheduledBetas { get; init; }

    /// <summary>
    /// Whether every step draws noise, also where it has no weight, as guided-diffusion's samplers do: streams of noise then go on as there. False
    /// by default.
    /// </summary>
    public bool DrawsEveryStep { get; init; }

    /// <summary>What Stable Diffusion 1.x and 2.x models were trained with: scaled linear schedule, steps offset 1, no clipping.</summary>
    public static DdpmOptions StableDiffusion { get; } = new()
    {
        Schedule = NoiseSchedule.ScaledLinear(),
        StepsOffset = 1,
        Clipping = SampleClipping.None,
    };
}
