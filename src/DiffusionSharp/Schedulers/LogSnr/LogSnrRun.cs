using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// What the runs share of schedulers that integrate in λ: the noise levels, and the quantity m that steps work with, which is x_0 (data
/// prediction) or ε (noise prediction).
/// </summary>
internal abstract class LogSnrRun : SchedulerRun, ISigmaRun
{
    private readonly bool _predictsNoise;
    private readonly bool _clips;

    /// <param name="grid">Timesteps and σ, one σ more than timesteps.</param>
    /// <param name="options">The options.</param>
    /// <param name="predictsNoise">Whether m is ε rather than x_0.</param>
    /// <param name="kernel">The memory of the generation.</param>
    protected LogSnrRun(SigmaGrid grid, LogSnrOptions options, bool predictsNoise, StepKernel kernel)
        : this(grid, options, predictsNoise, kernel, Array.ConvertAll<double, LogSnrPoint>(grid.Sigmas, options.FlowSigmas ? CheckFlow : LogSnrPoint.VariancePreserving))
    {
    }

    private LogSnrRun(SigmaGrid grid, LogSnrOptions options, bool predictsNoise, StepKernel kernel, LogSnrPoint[] points)
        : base(Levels(grid, options.PredictionType, points), kernel, options.Schedule.TrainingTimesteps)
    {
        _predictsNoise = predictsNoise;
        _clips = options.Clipping is not SampleClipping.NoClipping;
        Sigmas = Array.AsReadOnly(grid.Sigmas);
        Points = points;
    }

    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>α and σ before each step, and after the last one.</summary>
    protected LogSnrPoint[] Points { get; }

    /// <summary>How many steps back a kernel must keep m: one slot more where ε follows from a clipped x_0 in a pass of its own.</summary>
    protected static int History(LogSnrOptions options, bool predictsNoise, int history) =>
        predictsNoise && options.Clipping is not SampleClipping.NoClipping ? Math.Max(1, history) : history;

    /// <summary>The coefficients of m at a call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such call.</exception>
    protected StepCoefficients ForModel(int call)
    {
        ref readonly NoiseLevel level = ref Level(call);
        var original = new StepCoefficients { ModelFromSample = level.FromInput, ModelFromPrediction = level.FromPrediction };
        if (!_predictsNoise)
        {
            return original;
        }

        // ε = (x - α·x_0)/σ
        double ratio = level.Alpha / level.Sigma;
        return _clips
            ? original with { AfterClipping = (1 / level.Sigma, -ratio) }
            : new StepCoefficients
            {
                ModelFromSample = (1 - (level.Alpha * original.ModelFromSample)) / level.Sigma,
                ModelFromPrediction = -ratio * original.ModelFromPrediction,
            };
    }

    // A flow velocity is taken at the σ of the schedule, whichever way x is scaled, as the reference implementation does.
    private static NoiseLevel[] Levels(SigmaGrid grid, PredictionType type, LogSnrPoint[] points)
    {
        var levels = new NoiseLevel[grid.Timesteps.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            (double alpha, double sigma) = (points[i].Alpha, points[i].Sigma);
            levels[i] = NoiseLevel.OfSample(grid.Timesteps[i], alpha, sigma, StepCoefficients.ForOriginal(type, alpha, type == PredictionType.Flow ? grid.Sigmas[i] : sigma));
        }

        return levels;
    }

    private static LogSnrPoint CheckFlow(double sigma) => sigma is >= 0 and < 1
        ? LogSnrPoint.Flow(sigma)
        : throw new ArgumentException($"A noise level of flow matching is below 1, but this spacing gives {sigma}: take the default or Karras spacing, or set the largest sigma.", nameof(sigma));
}
