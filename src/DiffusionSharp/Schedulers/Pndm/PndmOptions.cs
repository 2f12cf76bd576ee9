namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="PndmScheduler"/>. The predicted x_0 is not formed, so <see cref="DiscreteSchedulerOptions.Clipping"/> must be none.</summary>
public sealed record PndmOptions : DiscreteSchedulerOptions
{
    /// <summary>The default options.</summary>
    public PndmOptions() => Clipping = SampleClipping.None;

    /// <summary>
    /// Whether the generation starts with multistep formulas of lower order (PLMS, as Stable Diffusion 1.x ships) instead of three
    /// pseudo Runge-Kutta steps of four evaluations each. False by default.
    /// </summary>
    public bool SkipPrkSteps { get; init; }

    /// <summary>Whether the last step goes to a sample without any noise (ᾱ = 1); otherwise it goes to the noise level of timestep 0. False by default.</summary>
    public bool SetAlphaToOne { get; init; }

    /// <summary>What Stable Diffusion 1.x models ship with: scaled linear schedule, steps offset 1, no Runge-Kutta steps.</summary>
    public static PndmOptions StableDiffusion { get; } = new()
    {
        Schedule = NoiseSchedule.ScaledLinear(),
        StepsOffset = 1,
        SkipPrkSteps = true,
    };

    /// <inheritdoc/>
    protected override DiscreteSchedulerOptions Of(DiscreteSchedulerOptions model) => (PndmOptions)base.Of(model) with { Clipping = SampleClipping.None, SkipPrkSteps = true };
}
