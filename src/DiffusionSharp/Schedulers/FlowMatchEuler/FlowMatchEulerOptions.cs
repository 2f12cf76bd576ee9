namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="FlowMatchEulerScheduler"/>.</summary>
public sealed record FlowMatchEulerOptions : FlowOptions
{
    /// <summary>
    /// Whether the model counts the other way round: it is asked at <c>(1-σ)·N</c>, rising to N for a clean sample, and predicts
    /// <c>x_0 - ε</c>, as Mochi does. False by default.
    /// </summary>
    public bool InvertsSigmas { get; init; }

    /// <summary>Whether each step goes to x_0 and noises it anew, as few-step distilled models are sampled. False, the ODE, by default.</summary>
    public bool IsStochastic { get; init; }

    /// <summary>What Stable Diffusion 3 and 3.5 ship with: shift 3.</summary>
    public static FlowMatchEulerOptions StableDiffusion3 { get; } = new() { Shift = 3 };

    /// <summary>What FLUX.1-dev ships with, and the uniform σ that its pipeline asks for: a shift that grows with the resolution.</summary>
    public static FlowMatchEulerOptions Flux { get; } = new() { Shift = 3, DynamicShift = new DynamicShift(), StartsFromUniformSigmas = true };
}
