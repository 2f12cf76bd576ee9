using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class EulerAncestralRun : SlopeRun
{
    public EulerAncestralRun(EulerAncestralOptions options, SamplingPlan plan)
        : base(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, stochastic: true))
    {
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        var ancestral = AncestralStep.Between(sigma, Sigmas[call + 1]);
        StepCoefficients step = AlongSlope(sigma, ancestral.Down - sigma) with { NoiseScale = ancestral.Up };

        // Drawn in the last step too, though its weight is 0 there: noise streams go on as in reference implementations.
        Kernel.Step(step, prediction, sample, Kernel.DrawNoise(noise, sigma, Sigmas[call + 1]), destination);
    }
}
