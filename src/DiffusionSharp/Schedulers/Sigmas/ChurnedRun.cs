using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps in σ with churn (arXiv:2206.00364, algorithm 2 without its second-order correction). As in the reference implementation the noise
/// comes after the model call, which knows nothing of it.
/// </summary>
internal abstract class ChurnedRun : SigmaRun
{
    // σ̂ is at most this many times σ above it (arXiv:2206.00364, algorithm 2).
    private static readonly double MaximumGamma = Math.Sqrt(2) - 1;

    private readonly ChurnSettings _churn;
    private readonly float[] _churned;

    protected ChurnedRun(Preconditioning preconditioning, SigmaGrid grid, SampleShape shape, SampleClipping clipping, ChurnSettings churn, int? trainingTimesteps)
        : base(preconditioning, grid, new StepKernel(shape, clipping, stochastic: churn.Amount > 0), trainingTimesteps)
    {
        _churn = churn;
        _churned = churn.Amount > 0 ? new float[shape.Length] : [];
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double gamma = sigma >= _churn.Minimum && sigma <= _churn.Maximum ? Math.Min(_churn.Amount / (Sigmas.Count - 1), MaximumGamma) : 0;
        double churned = sigma * (gamma + 1);
        if (gamma > 0)
        {
            double added = Math.Sqrt((churned * churned) - (sigma * sigma)) * _churn.Noise;
            LinearCombination.Compute(1, sample, (float)added, Kernel.DrawNoise(noise), _churned);
            sample = _churned;
        }

        // dx/dσ = (x - x_0)/σ, so x' = x + (σ' - σ)·(x - x_0)/σ.
        double ratio = (Sigmas[call + 1] - churned) / churned;
        Kernel.Step(ForOriginal(churned) with { FromSample = 1 + ratio, FromModel = -ratio }, prediction, sample, [], destination);
    }
}
