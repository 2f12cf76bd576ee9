using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// What the runs share of schedulers that integrate in λ: noising, x_0, and the quantity m that steps work with, which is x_0 (data
/// prediction) or ε (noise prediction).
/// </summary>
internal abstract class LogSnrRun : ISigmaRun
{
    private readonly PredictionType _predictionType;
    private readonly bool _predictsNoise;
    private readonly bool _clips;

    /// <param name="grid">Timesteps and σ, one σ more than timesteps.</param>
    /// <param name="options">The options.</param>
    /// <param name="predictsNoise">Whether m is ε rather than x_0.</param>
    /// <param name="kernel">The memory of the generation.</param>
    protected LogSnrRun(SigmaGrid grid, LogSnrOptions options, bool predictsNoise, StepKernel kernel)
    {
        _predictionType = options.PredictionType;
        _predictsNoise = predictsNoise;
        _clips = options.Clipping is not SampleClipping.NoClipping;
        Timesteps = Array.AsReadOnly(grid.Timesteps);
        Sigmas = Array.AsReadOnly(grid.Sigmas);
        Levels = Array.ConvertAll<double, NoiseLevel>(grid.Sigmas, options.FlowSigmas ? CheckFlow : NoiseLevel.VariancePreserving);
        Kernel = kernel;
    }

    public IReadOnlyList<double> Timesteps { get; }

    public IReadOnlyList<double> Sigmas { get; }

    public double InitialNoiseScale => 1;

    protected StepKernel Kernel { get; }

    /// <summary>α and σ before each step, and after the last one.</summary>
    protected NoiseLevel[] Levels { get; }

    public virtual void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        NoiseLevel level = LevelAt(index);
        LinearCombination.Compute((float)level.Alpha, original, (float)level.Sigma, noise, destination);
    }

    public void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination) => sample.CopyTo(destination);

    public abstract void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    public void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        Kernel.Model(ForOriginal(index), prediction, sample, destination);

    /// <summary>How many steps back a kernel must keep m: one slot more where ε follows from a clipped x_0 in a pass of its own.</summary>
    protected static int History(LogSnrOptions options, bool predictsNoise, int history) =>
        predictsNoise && options.Clipping is not SampleClipping.NoClipping ? Math.Max(1, history) : history;

    protected NoiseLevel LevelAt(int index) => (uint)index < (uint)Timesteps.Count
        ? Levels[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"This run has the steps 0 to {Timesteps.Count - 1}.");

    /// <summary>The coefficients of m at a step.</summary>
    protected StepCoefficients ForModel(int index)
    {
        StepCoefficients original = ForOriginal(index);
        if (!_predictsNoise)
        {
            return original;
        }

        // ε = (x - α·x_0)/σ
        NoiseLevel level = Levels[index];
        double ratio = level.Alpha / level.Sigma;
        return _clips
            ? original with { AfterClipping = (1 / level.Sigma, -ratio) }
            : new StepCoefficients
            {
                ModelFromSample = (1 - (level.Alpha * original.ModelFromSample)) / level.Sigma,
                ModelFromPrediction = -ratio * original.ModelFromPrediction,
            };
    }

    private static NoiseLevel CheckFlow(double sigma) => sigma is >= 0 and < 1
        ? NoiseLevel.Flow(sigma)
        : throw new ArgumentException($"A noise level of flow matching is below 1, but this spacing gives {sigma}: take the default or Karras spacing, or set the largest sigma.", nameof(sigma));

    // A flow velocity is taken at the σ of the schedule, whichever way x is scaled, as the reference implementation does.
    private StepCoefficients ForOriginal(int index)
    {
        NoiseLevel level = LevelAt(index);
        return StepCoefficients.ForOriginal(_predictionType, level.Alpha, _predictionType == PredictionType.Flow ? Sigmas[index] : level.Sigma);
    }
}
