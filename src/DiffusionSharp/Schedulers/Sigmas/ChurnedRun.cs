using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>Euler steps in σ with churn (arXiv:2206.00364, algorithm 2 without its second-order correction).</summary>
internal abstract class ChurnedRun : SigmaRun
{
    // σ̂ is at most this many times σ above it (arXiv:2206.00364, algorithm 2).
    private static readonly double MaximumGamma = Math.Sqrt(2) - 1;

    private readonly ChurnSettings _churn;
    private readonly float[] _churned;

    protected ChurnedRun(SigmaGrid grid, PredictionType predictionType, SampleShape shape, SampleClipping clipping, ChurnSettings churn)
        : base(grid, predictionType, new StepKernel(shape, clipping, stochastic: churn.Amount > 0))
    {
        _churn = churn;
        _churned = churn.Amount > 0 ? new float[shape.Length] : [];
    }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(index);
        double gamma = sigma >= _churn.Minimum && sigma <= _churn.Maximum ? Math.Min(_churn.Amount / (Sigmas.Count - 1), MaximumGamma) : 0;
        double churned = sigma * (gamma + 1);
        if (gamma > 0)
        {
            double added = Math.Sqrt((churned * churned) - (sigma * sigma)) * _churn.Noise;
            LinearCombination.Compute(1, sample, (float)added, Kernel.DrawNoise(noise), _churned);
            sample = _churned;
        }

        // dx/dσ = (x - x_0)/σ, so x' = x + (σ' - σ)·(x - x_0)/σ.
        double ratio = (Sigmas[index + 1] - churned) / churned;
        Kernel.Step(ForOriginal(churned) with { FromSample = 1 + ratio, FromModel = -ratio }, prediction, sample, [], destination);
    }
}
