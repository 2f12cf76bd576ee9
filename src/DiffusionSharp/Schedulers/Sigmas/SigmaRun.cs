using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// What the runs of schedulers share whose sample is <c>x = x_0 + σ·ε</c> (variance-exploding, as in k-diffusion): noising, scaling of
/// the model's input by <c>1/sqrt(σ²+1)</c>, and x_0.
/// </summary>
internal abstract class SigmaRun : ISigmaRun
{
    private readonly PredictionType _predictionType;

    protected SigmaRun(SigmaGrid grid, PredictionType predictionType, StepKernel kernel)
    {
        _predictionType = predictionType;
        Timesteps = Array.AsReadOnly(grid.Timesteps);
        Sigmas = Array.AsReadOnly(grid.Sigmas);
        Kernel = kernel;
    }

    public IReadOnlyList<double> Timesteps { get; }

    public IReadOnlyList<double> Sigmas { get; }

    public virtual int CallsPerStep => 1;

    public abstract double InitialNoiseScale { get; }

    protected StepKernel Kernel { get; }

    public virtual void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination) =>
        LinearCombination.Compute(1, original, (float)SigmaAt(index), noise, destination);

    public virtual void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination)
    {
        double sigma = SigmaAt(index);
        System.Numerics.Tensors.TensorPrimitives.Multiply(sample, (float)(1 / Math.Sqrt((sigma * sigma) + 1)), destination);
    }

    public abstract void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    public virtual void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        Kernel.Model(ForOriginal(SigmaAt(index)), prediction, sample, destination);

    protected double SigmaAt(int index) => (uint)index < (uint)Timesteps.Count
        ? Sigmas[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"This run has the steps 0 to {Timesteps.Count - 1}.");

    /// <summary>
    /// Moves along the slope of the probability-flow ODE, <c>d = (x - x_0)/σ</c> (arXiv:2206.00364, eq. 1 and 3): <c>x' = x + length·d</c>.
    /// Where it is kept, m is d; without clipping it is formed directly, which for noise predictions is free of rounding.
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

        double square = (sigma * sigma) + 1;
        StepCoefficients slope = _predictionType switch
        {
            PredictionType.Epsilon => new() { ModelFromSample = 0, ModelFromPrediction = 1 },
            PredictionType.Velocity => new() { ModelFromSample = sigma / square, ModelFromPrediction = 1 / Math.Sqrt(square) },
            _ => new() { ModelFromSample = 1 / sigma, ModelFromPrediction = -1 / sigma },
        };

        // Not by way of the rounded d: where x_0 is predicted, x + length·d nearly cancels.
        return slope with { FromSample = 1 + (length * slope.ModelFromSample), FromPrediction = length * slope.ModelFromPrediction };
    }

    /// <summary>m is x_0 at a noise level, of the unscaled sample (arXiv:2206.00364, table 1 for ε; v as in arXiv:2202.00512).</summary>
    protected virtual StepCoefficients ForOriginal(double sigma)
    {
        double square = (sigma * sigma) + 1;
        return _predictionType switch
        {
            PredictionType.Epsilon => new() { ModelFromSample = 1, ModelFromPrediction = -sigma },
            PredictionType.Velocity => new() { ModelFromSample = 1 / square, ModelFromPrediction = -sigma / Math.Sqrt(square) },
            _ => new() { ModelFromSample = 0, ModelFromPrediction = 1 },
        };
    }
}
