namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DeisScheduler"/>. Symbols are those of arXiv:2204.13902.</summary>
public sealed record DeisOptions : SolverOrderOptions;
