namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of schedulers share whose sample is <c>x = x_0 + σ·ε</c> (variance-exploding, as in k-diffusion).</summary>
internal abstract class SigmaRun : SchedulerRun, ISigmaRun
{
    private readonly Preconditioning _preconditioning;

    protected SigmaRun(Preconditioning preconditioning, SigmaGrid grid, StepKernel kernel, int? trainingTimesteps)
        : base(preconditioning.Levels(grid), kernel, trainingTimesteps) =>
        (_preconditioning, Sigmas) = (preconditioning, Array.AsReadOnly(grid.Sigmas));

    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>m is x_0 at a noise level, of the unscaled sample.</summary>
    protected StepCoefficients ForOriginal(double sigma) => _preconditioning.ForOriginal(sigma);

    protected double SigmaAt(int call)
    {
        Level(call);
        return Sigmas[call];
    }
}
