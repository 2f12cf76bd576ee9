namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of flow-matching schedulers share: noising by <c>x = (1-σ)·x_0 + σ·ε</c>, input that is not scaled, and x_0.</summary>
internal abstract class FlowRun : SchedulerRun, ISigmaRun
{
    protected FlowRun(SigmaGrid grid, StepKernel kernel, int trainingTimesteps)
        : base(Levels(grid), kernel, trainingTimesteps) => Sigmas = Array.AsReadOnly(grid.Sigmas);

    public IReadOnlyList<double> Sigmas { get; }

    protected double SigmaAt(int call)
    {
        Level(call);
        return Sigmas[call];
    }

    /// <summary>The share of noise in a sample at σ; σ may count the other way round, up to 1 for a clean sample.</summary>
    protected double ShareOfNoise(double sigma) => Math.Abs(sigma - Sigmas[^1]);

    /// <summary>m is x_0: all the way along the velocity to where the path ends.</summary>
    protected StepCoefficients ForOriginal(double sigma) => ForOriginal(sigma, Sigmas[^1]);

    private static StepCoefficients ForOriginal(double sigma, double end) => new() { ModelFromSample = 1, ModelFromPrediction = end - sigma };

    private static NoiseLevel[] Levels(SigmaGrid grid)
    {
        var levels = new NoiseLevel[grid.Timesteps.Length];
        double end = grid.Sigmas[^1];
        for (int i = 0; i < levels.Length; i++)
        {
            double share = Math.Abs(grid.Sigmas[i] - end);
            levels[i] = NoiseLevel.OfSample(grid.Timesteps[i], 1 - share, share, ForOriginal(grid.Sigmas[i], end));
        }

        return levels;
    }
}
