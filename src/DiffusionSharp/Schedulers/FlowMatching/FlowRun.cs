using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of flow-matching schedulers share: noising by <c>x = (1-σ)·x_0 + σ·ε</c>, input that is not scaled, and x_0.</summary>
internal abstract class FlowRun : SigmaRun
{
    // x = (1-σ)·x_0 + σ·ε is x_0 + σ·v with v = ε - x_0: the velocity stands where the other schedulers have the noise.
    protected FlowRun(SigmaGrid grid, StepKernel kernel)
        : base(grid, PredictionType.Epsilon, kernel)
    {
    }

    public override double InitialNoiseScale => 1;

    public override void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        var level = (float)NoiseLevel(SigmaAt(index));
        LinearCombination.Compute(1 - level, original, level, noise, destination);
    }

    public override void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination)
    {
        SigmaAt(index);
        sample.CopyTo(destination);
    }

    /// <summary>The share of noise in a sample at σ; σ may count the other way round, up to 1 for a clean sample.</summary>
    protected double NoiseLevel(double sigma) => Math.Abs(sigma - Sigmas[^1]);

    /// <summary>m is x_0: all the way along the velocity to where the path ends.</summary>
    protected override StepCoefficients ForOriginal(double sigma) => new() { ModelFromSample = 1, ModelFromPrediction = Sigmas[^1] - sigma };
}
