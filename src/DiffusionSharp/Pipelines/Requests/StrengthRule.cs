namespace DiffusionSharp;

/// <summary>What the strength s of image-to-image leaves of n steps. It belongs to the kind of model, as diffusers' pipelines count.</summary>
public enum StrengthRule
{
    /// <summary>The last ⌊n·s⌋ steps, as the pipelines of Stable Diffusion and SDXL take.</summary>
    LastSteps,

    /// <summary>All but the first ⌊n - n·s⌋ steps, as the pipelines of Stable Diffusion 3 and Flux take: one step more where n·s is no whole number.</summary>
    FirstStepsLeftOut,

    /// <summary>
    /// All n steps, on the training timesteps up to s of their number, as the pipelines of latent consistency models take; with schedulers that
    /// cannot (<see cref="Schedulers.IScheduler.FollowsStrength"/>), <see cref="LastSteps"/>.
    /// </summary>
    ShorterWay,
}
