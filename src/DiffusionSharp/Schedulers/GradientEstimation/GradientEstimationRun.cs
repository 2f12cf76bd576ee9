using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>m is the slope.</summary>
internal sealed class GradientEstimationRun(GradientEstimationOptions options, SamplingPlan plan)
    : SlopeRun(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, history: 1))
{
    private readonly double _gamma = options.Gamma;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double next = Sigmas[call + 1];
        double length = next - sigma;

        // The last step goes to x_0.
        bool estimates = Kernel.HistoryCount > 0 && next > 0;
        StepCoefficients step = AlongSlope(sigma, estimates ? _gamma * length : length) with { FromHistory1 = estimates ? (1 - _gamma) * length : 0 };
        Kernel.Step(step, prediction, sample, [], destination);
    }
}
