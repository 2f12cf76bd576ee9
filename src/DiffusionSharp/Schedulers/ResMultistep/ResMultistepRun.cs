using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class ResMultistepRun(ResMultistepOptions options, SamplingPlan plan)
    : SlopeRun(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, stochastic: options.Eta > 0, history: 1))
{
    private readonly double _eta = options.Eta;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double next = Sigmas[call + 1];
        var ancestral = AncestralStep.Between(sigma, next, _eta);
        double kept = ancestral.Down / sigma;
        double fromHistory = kept > 0 && Kernel.HistoryCount > 0 ? ExponentialPhi.HTimesSecond(kept) / Node(call, kept) : 0;
        StepCoefficients step = ForOriginal(sigma) with { FromSample = kept, FromModel = 1 - kept - fromHistory, FromHistory1 = fromHistory, NoiseScale = ancestral.Up };
        Kernel.Step(step, prediction, sample, _eta > 0 && next > 0 ? Kernel.DrawNoise(noise, sigma, next) : [], destination);
    }

    // c_2, where the prediction before lies in units of the step in log σ, a negative number. The step before counts to where its deterministic part ended, as in the reference implementation.
    private double Node(int call, double kept)
    {
        double before = Sigmas[call - 1];
        return Math.Log(AncestralStep.Between(before, Sigmas[call], _eta).Down / before) / -Math.Log(kept);
    }
}
