namespace DiffusionSharp.Schedulers;

/// <summary>What the runs share that follow the probability-flow ODE in σ of models of a discrete noise schedule.</summary>
internal abstract class SlopeRun : SigmaRun
{
    private readonly DiscretePreconditioning _preconditioning;

    protected SlopeRun(SigmaOptions options, SigmaGrid grid, StepKernel kernel)
        : this(new DiscretePreconditioning(options.PredictionType), grid, kernel, options.Schedule.TrainingTimesteps) =>
        InitialNoiseScale = grid.InitialNoiseScale(options.TimestepSpacing);

    private SlopeRun(DiscretePreconditioning preconditioning, SigmaGrid grid, StepKernel kernel, int trainingTimesteps)
        : base(preconditioning, grid, kernel, trainingTimesteps) => _preconditioning = preconditioning;

    /// <summary>
    /// Moves along the slope of the probability-flow ODE, <c>d = (x - x_0)/σ</c> (arXiv:2206.00364, eq. 1 and 3): <c>x' = x + length·d</c>.
    /// Where it is kept, m is d.
    /// </summary>
    protected StepCoefficients AlongSlope(double sigma, double length)
    {
        if (Kernel.Clips)
        {
            StepCoefficients original = ForOriginal(sigma);
            return Kernel.KeepsModels
                ? original with { AfterClipping = (1 / sigma, -1 / sigma), FromSample = 1, FromModel = length }
                : original with { FromSample = 1 + (length / sigma), FromModel = -length / sigma };
        }

        // Not by way of the rounded d: where x_0 is predicted, x + length·d nearly cancels.
        StepCoefficients slope = _preconditioning.ForSlope(sigma);
        return slope with { FromSample = 1 + (length * slope.ModelFromSample), FromPrediction = length * slope.ModelFromPrediction };
    }
}
