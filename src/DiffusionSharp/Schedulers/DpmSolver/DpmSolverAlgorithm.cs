namespace DiffusionSharp.Schedulers;

/// <summary>Which equation DPM-Solver integrates.</summary>
public enum DpmSolverAlgorithm
{
    /// <summary>The ODE of the predicted noise, DPM-Solver (Lu et al. 2022, arXiv:2206.00927).</summary>
    Dpm,

    /// <summary>The ODE of the predicted x_0, DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095): for guided sampling.</summary>
    DpmPlusPlus,

    /// <summary>The SDE of the predicted noise; orders 1 and 2.</summary>
    SdeDpm,

    /// <summary>The SDE of the predicted x_0 (arXiv:2211.01095, section 5.2).</summary>
    SdeDpmPlusPlus,
}
