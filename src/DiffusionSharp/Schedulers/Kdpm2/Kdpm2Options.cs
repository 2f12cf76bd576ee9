namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="Kdpm2Scheduler"/>.</summary>
public sealed record Kdpm2Options : SigmaOptions;
