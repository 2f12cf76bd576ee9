namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DdimInverseScheduler"/>. Symbols are those of arXiv:2010.02502.</summary>
public sealed record DdimInverseOptions : DiscreteSchedulerOptions
{
    /// <summary>The default options.</summary>
    public DdimInverseOptions()
    {
    }

    private DdimInverseOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>Whether the first step begins with a sample without any noise (ᾱ = 1); otherwise with the noise of timestep 0. True by default.</summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>The options that invert what another scheduler of the same model makes: its noise schedule, prediction type, clipping and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for inversion; the same ones when they are for inversion already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static DdimInverseOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as DdimInverseOptions ?? new DdimInverseOptions(model);
    }
}
