namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="Kdpm2AncestralScheduler"/>.</summary>
public sealed record Kdpm2AncestralOptions : SigmaOptions;
