namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="HeunScheduler"/>. Symbols are those of arXiv:2206.00364.</summary>
public sealed record HeunOptions : SigmaOptions;
