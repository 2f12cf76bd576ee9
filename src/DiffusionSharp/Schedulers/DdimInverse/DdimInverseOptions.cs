namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DdimInverseScheduler"/>. Symbols are those of arXiv:2010.02502.</summary>
public sealed record DdimInverseOptions : DiscreteSchedulerOptions
{
    /// <summary>Whether the first step begins with a sample without any noise (ᾱ = 1); otherwise with the noise of timestep 0. True by default.</summary>
    public bool SetAlphaToOne { get; init; } = true;
}
