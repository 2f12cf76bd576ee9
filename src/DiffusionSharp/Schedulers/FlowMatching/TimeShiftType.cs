namespace DiffusionSharp.Schedulers;

/// <summary>How μ of a resolution-dependent time shift acts on σ, as <c>σ' = w / (w + 1/σ - 1)</c>.</summary>
public enum TimeShiftType
{
    /// <summary>w = e^μ, as in Flux.</summary>
    Exponential,

    /// <summary>w = μ, as in CogView 4.</summary>
    Linear,
}
