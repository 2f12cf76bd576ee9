using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class LmsRun : SlopeRun
{
    private readonly int _order;

    public LmsRun(LmsOptions options, SamplingPlan plan)
        : base(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, history: options.Order - 1)) =>
        _order = options.Order;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);

        // By the call, as reference implementations go: image-to-image leaves out the slopes that it did not compute, at unchanged weights of the others.
        int order = Math.Min(call + 1, _order);
        int known = Kernel.HistoryCount;
        StepCoefficients step = AlongSlope(sigma, Weight(call, 0, order)) with
        {
            FromHistory1 = order > 1 && known > 0 ? Weight(call, 1, order) : 0,
            FromHistory2 = order > 2 && known > 1 ? Weight(call, 2, order) : 0,
            FromHistory3 = order > 3 && known > 2 ? Weight(call, 3, order) : 0,
        };
        Kernel.Step(step, prediction, sample, [], destination);
    }

    // The integral of the Lagrange polynomial of the slope of `back` steps ago; two-point Gauss-Legendre is exact for its degree, at most 3.
    private double Weight(int call, int back, int order)
    {
        double centre = (Sigmas[call + 1] + Sigmas[call]) / 2;
        double half = (Sigmas[call + 1] - Sigmas[call]) / 2;
        double node = half / Math.Sqrt(3);
        return half * (Lagrange(centre - node) + Lagrange(centre + node));

        double Lagrange(double at)
        {
            double product = 1;
            for (int k = 0; k < order; k++)
            {
                product *= k == back ? 1 : (at - Sigmas[call - k]) / (Sigmas[call - back] - Sigmas[call - k]);
            }

            return product;
        }
    }
}
