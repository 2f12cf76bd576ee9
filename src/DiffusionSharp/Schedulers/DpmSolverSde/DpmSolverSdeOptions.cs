namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverSdeScheduler"/>.</summary>
public sealed record DpmSolverSdeOptions : SigmaOptions
{
    /// <summary>The default options.</summary>
    public DpmSolverSdeOptions()
    {
    }

    private DpmSolverSdeOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>Where the noise of the steps comes from.</summary>
    public SdeNoise Noise { get; init; } = SdeNoise.BrownianPath;

    /// <summary>
    /// The seed of one Brownian path of the whole batch, as diffusers has it, so that a picture depends on its place and on how many there are;
    /// null for a path of each picture, with a seed drawn from its noise, so that a picture is the same alone and in a batch.
    /// </summary>
    public long? NoiseSeed { get; init; }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static DpmSolverSdeOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as DpmSolverSdeOptions ?? new DpmSolverSdeOptions(model) { Clipping = SampleClipping.None };
    }
}
