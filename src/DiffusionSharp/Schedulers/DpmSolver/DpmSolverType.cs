namespace DiffusionSharp.Schedulers;

/// <summary>How a second-order step of DPM-Solver weighs the slope of the prediction.</summary>
public enum DpmSolverType
{
    /// <summary>By half the weight of the prediction (arXiv:2211.01095, algorithms 1 and 2).</summary>
    Midpoint,

    /// <summary>By the integral of the slope (arXiv:2206.00927, appendix B).</summary>
    Heun,
}
