namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="SaSolverScheduler"/>. Symbols are those of arXiv:2309.05019.</summary>
public sealed record SaSolverOptions : LogSnrOptions
{
    /// <summary>The highest order of predictor and corrector.</summary>
    public const int MaximumOrder = 4;

    /// <summary>Order of the predictor, 1 to 4; 2, the default, for guided sampling, 3 for unconditional sampling. A generation's first steps have lower ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 4.</exception>
    public int PredictorOrder { get; init => field = CheckOrder(value); } = 2;

    /// <summary>Order of the corrector, 1 to 4; recommended is the predictor's. A generation's first steps have lower ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 4.</exception>
    public int CorrectorOrder { get; init => field = CheckOrder(value); } = 2;

    /// <summary>
    /// τ by timestep, at least 0: how much noise a step adds. 0 is the ODE, 1 the usual SDE. By default 1 from timestep 200 to 800, else 0, as
    /// for latent diffusion of 1000 training timesteps.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Func<double, double> Tau
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = DefaultTau;

    internal static Func<double, double> DefaultTau { get; } = static t => t is >= 200 and <= 800 ? 1 : 0;

    /// <summary>Whether the solver works with the predicted noise instead of the predicted x_0. False by default.</summary>
    public bool PredictsNoise { get; init; }

    /// <summary>Timesteps with a λ below it are not visited, which the cosine schedule needs (-5.1); -∞, the default, for none. For the default spacing of sigmas.</summary>
    public double LambdaMinimum { get; init; } = double.NegativeInfinity;

    private static int CheckOrder(int value) => value is >= 1 and <= MaximumOrder
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The orders of SA-Solver must be 1 to {MaximumOrder}.");
}
