namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EulerAncestralScheduler"/>.</summary>
public sealed record EulerAncestralOptions : SigmaOptions;
