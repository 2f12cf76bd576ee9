using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class EulerCfgPlusPlusRun(EulerCfgPlusPlusOptions options, SamplingPlan plan)
    : SlopeRun(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, stochastic: options.Eta > 0))
{
    private readonly double _eta = options.Eta;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double next = Sigmas[call + 1];
        var ancestral = AncestralStep.Between(sigma, next, _eta);

        // x' = m + σ_down·(x - u_0)/σ, where u_0 is the x_0 of the unconditional prediction.
        StepCoefficients original = ForOriginal(sigma);
        double ratio = ancestral.Down / sigma;
        StepCoefficients step = original with
        {
            FromModel = 1,
            FromSample = ratio * (1 - original.ModelFromSample),
            FromUnconditional = -ratio * original.ModelFromPrediction,
            NoiseScale = ancestral.Up,
        };
        Kernel.Step(step, prediction, sample, _eta > 0 && next > 0 ? Kernel.DrawNoise(noise, sigma, next) : [], destination);
    }
}
