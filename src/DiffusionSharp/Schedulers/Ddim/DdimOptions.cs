namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DdimScheduler"/>. Symbols are those of arXiv:2010.02502.</summary>
public sealed record DdimOptions : DiscreteSchedulerOptions
{
    /// <summary>η, how much of DDPM's noise a step adds, in [0, 1] (eq. 16): 0 is deterministic, 1 has DDPM's variance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta { get; init => field = OptionValue.Eta(value); }

    /// <summary>
    /// Whether the last step goes to a sample without any noise (ᾱ = 1); otherwise it goes to the noise level of timestep 0, as Stable
    /// Diffusion does. True by default.
    /// </summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>Whether the noise that a step adds back is derived anew from the clipped x_0 (GLIDE does so) instead of taken from the model. False by default.</summary>
    public bool UseClippedModelOutput { get; init; }

    /// <summary>
    /// Whether every step draws noise, also where it has no weight, as guided-diffusion's samplers do: streams of noise then go on as there. False
    /// by default.
    /// </summary>
    public bool DrawsEveryStep { get; init; }

    /// <summary>What Stable Diffusion 1.x and 2.x models ship with: scaled linear schedule, steps offset 1, no clipping, last step to timestep 0.</summary>
    public static DdimOptions StableDiffusion { get; } = new()
    {
        Schedule = NoiseSchedule.ScaledLinear(),
        StepsOffset = 1,
        Clipping = SampleClipping.None,
        SetAlphaToOne = false,
    };
}
