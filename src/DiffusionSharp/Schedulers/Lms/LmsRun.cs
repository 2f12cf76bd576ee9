using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class LmsRun : SigmaRun
{
    private readonly int _order;

    public LmsRun(LmsOptions options, SamplingPlan plan)
        : this(options, plan, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0))
    {
    }

    private LmsRun(LmsOptions options, SamplingPlan plan, SigmaGrid grid)
        : base(grid, options.PredictionType, new StepKernel(plan.Shape, options.Clipping, stochastic: false, history: options.Order - 1))
    {
        _order = options.Order;
        InitialNoiseScale = grid.InitialNoiseScale(options.TimestepSpacing);
    }

    public override double InitialNoiseScale { get; }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(index);

        // By the index, as reference implementations go: image-to-image leaves out the slopes that it did not compute, at unchanged weights of the others.
        int order = Math.Min(index + 1, _order);
        int known = Kernel.HistoryCount;
        StepCoefficients step = AlongSlope(sigma, Weight(index, 0, order)) with
        {
            FromHistory1 = order > 1 && known > 0 ? Weight(index, 1, order) : 0,
            FromHistory2 = order > 2 && known > 1 ? Weight(index, 2, order) : 0,
            FromHistory3 = order > 3 && known > 2 ? Weight(index, 3, order) : 0,
        };
        Kernel.Step(step, prediction, sample, [], destination);
    }

    // The integral of the Lagrange polynomial of the slope of `back` steps ago; two-point Gauss-Legendre is exact for its degree, at most 3.
    private double Weight(int index, int back, int order)
    {
        double centre = (Sigmas[index + 1] + Sigmas[index]) / 2;
        double half = (Sigmas[index + 1] - Sigmas[index]) / 2;
        double node = half / Math.Sqrt(3);
        return half * (Lagrange(centre - node) + Lagrange(centre + node));

        double Lagrange(double at)
        {
            double product = 1;
            for (int k = 0; k < order; k++)
            {
                product *= k == back ? 1 : (at - Sigmas[index - k]) / (Sigmas[index - back] - Sigmas[index - k]);
            }

            return product;
        }
    }
}
