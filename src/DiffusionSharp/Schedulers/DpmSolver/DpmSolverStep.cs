namespace DiffusionSharp.Schedulers;

/// <summary>The steps of DPM-Solver as weights of the sample, m, its history and noise.</summary>
internal static class DpmSolverStep
{
    /// <summary>The exactly solved part by algorithm.</summary>
    public static ExponentialStep Exact(DpmSolverAlgorithm algorithm, LogSnrPoint from, LogSnrPoint to) => algorithm switch
    {
        DpmSolverAlgorithm.Dpm => ExponentialStep.OfNoise(from, to),
        DpmSolverAlgorithm.DpmPlusPlus => ExponentialStep.OfData(from, to),
        DpmSolverAlgorithm.SdeDpm => ExponentialStep.OfNoiseStochastic(from, to),
        DpmSolverAlgorithm.SdeDpmPlusPlus => ExponentialStep.OfDataStochastic(from, to),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown algorithm."),
    };

    /// <summary>
    /// A multistep update (arXiv:2211.01095, eq. 4.2 and algorithm 2; order 3 after arXiv:2206.00927, appendix B): derivatives at the
    /// present point from differences to the points before.
    /// </summary>
    /// <param name="step">The coefficients of m, to which those of the step are added.</param>
    /// <param name="algorithm">The equation.</param>
    /// <param name="type">How the slope is weighed in order 2.</param>
    /// <param name="order">1 to 3; order - 1 steps of history are used.</param>
    /// <param name="levels">Noise levels of the generation.</param>
    /// <param name="index">The step, from <c>levels[index]</c> to <c>levels[index + 1]</c>.</param>
    public static StepCoefficients Multistep(in StepCoefficients step, DpmSolverAlgorithm algorithm, DpmSolverType type, int order, ReadOnlySpan<LogSnrPoint> levels, int index)
    {
        ExponentialStep exact = Exact(algorithm, levels[index], levels[index + 1]);
        StepCoefficients first = step with { FromSample = exact.FromSample, FromModel = exact.First, NoiseScale = exact.NoiseScale };
        if (order == 1)
        {
            return first;
        }

        double h0 = levels[index].Lambda - levels[index - 1].Lambda;
        if (order == 2)
        {
            double slope = exact.Size / h0 * Slope(exact, type);
            return first with { FromModel = exact.First + slope, FromHistory1 = -slope };
        }

        // m' = D0 + q·(D0 - D1) and m'' = w·(D0 - D1), of the divided differences D0 and D1 times h.
        double h1 = levels[index - 1].Lambda - levels[index - 2].Lambda;
        double q = h0 / (h0 + h1);
        double w = exact.Size / (h0 + h1);
        double curvature = (exact.Second * q) + (exact.Third * w);
        double newer = (exact.Second + curvature) * exact.Size / h0;
        double older = -curvature * exact.Size / h1;
        return first with { FromModel = exact.First + newer, FromHistory1 = older - newer, FromHistory2 = -older };
    }

    /// <summary>
    /// A singlestep update (arXiv:2206.00927, algorithms 1 and 2; arXiv:2211.01095, algorithm 1): from the base, where the group of
    /// evaluations began <c>order - 1</c> steps ago, to the next point, derivatives from the points since.
    /// </summary>
    /// <inheritdoc cref="Multistep" path="/param"/>
    public static StepCoefficients Singlestep(in StepCoefficients step, DpmSolverAlgorithm algorithm, DpmSolverType type, int order, ReadOnlySpan<LogSnrPoint> levels, int index)
    {
        LogSnrPoint from = levels[index - order + 1];
        ExponentialStep exact = Exact(algorithm, from, levels[index + 1]);
        StepCoefficients first = step with
        {
            Base = order == 1 ? BaseCoefficients.Sample : BaseCoefficients.Kept,
            FromBase = exact.FromSample,
            NoiseScale = exact.NoiseScale,
        };
        if (order == 1)
        {
            return first with { FromModel = exact.First };
        }

        double r0 = (levels[index].Lambda - from.Lambda) / exact.Size;
        if (order == 2)
        {
            double slope = Slope(exact, type) / r0;
            return first with { FromModel = slope, FromHistory1 = exact.First - slope };
        }

        if (type == DpmSolverType.Midpoint)
        {
            double slope = exact.Second / r0;
            return first with { FromModel = slope, FromHistory2 = exact.First - slope };
        }

        double r1 = (levels[index - 1].Lambda - from.Lambda) / exact.Size;
        double newest = ((2 * exact.Third) - (r1 * exact.Second)) / (r0 - r1) / r0;
        double middle = ((r0 * exact.Second) - (2 * exact.Third)) / (r0 - r1) / r1;
        return first with { FromModel = newest, FromHistory1 = middle, FromHistory2 = exact.First - newest - middle };
    }

    private static double Slope(in ExponentialStep exact, DpmSolverType type) => type == DpmSolverType.Midpoint ? 0.5 * exact.First : exact.Second;
}
