using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class ErSdeRun(ErSdeOptions options, SamplingPlan plan)
    : SlopeRun(options, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0), new StepKernel(plan.Shape, options.Clipping, stochastic: true, history: options.SolverOrder - 1))
{
    // Points of the rectangle rule, as in the reference implementation.
    private const int Points = 200;

    private readonly int _order = options.SolverOrder;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        double next = Sigmas[call + 1];
        StepCoefficients original = ForOriginal(sigma);
        if (next == 0)
        {
            Kernel.Step(original with { FromModel = 1 }, prediction, sample, [], destination);
            return;
        }

        double ratio = Phi(next) / Phi(sigma);
        StepCoefficients step = WithDerivatives(original with { FromSample = ratio, FromModel = 1 - ratio }, call, Math.Min(_order, Kernel.HistoryCount + 1));
        double variance = (next * next) - (sigma * sigma * ratio * ratio);
        Kernel.Step(step with { NoiseScale = Math.Sqrt(Math.Max(0, variance)) }, prediction, sample, Kernel.DrawNoise(noise, sigma, next), destination);
    }

    /// <summary>The noise function of the authors' ER SDE 5.</summary>
    private static double Phi(double sigma) => sigma * (Math.Exp(Math.Pow(sigma, 0.3)) + 10);

    // Derivatives of x_0 by σ from differences to the steps before, times what their integrals weigh.
    private StepCoefficients WithDerivatives(StepCoefficients step, int call, int stages)
    {
        if (stages < 2)
        {
            return step;
        }

        double sigma = Sigmas[call];
        double length = Sigmas[call + 1] - sigma;
        (double zeroth, double first) = Integrals(sigma, Sigmas[call + 1]);
        double slope = (length + zeroth) / (sigma - Sigmas[call - 1]);
        if (stages < 3)
        {
            return step with { FromModel = step.FromModel + slope, FromHistory1 = -slope };
        }

        double curve = ((length * length / 2) + first) / ((sigma - Sigmas[call - 2]) / 2);
        double near = curve / (sigma - Sigmas[call - 1]);
        double far = curve / (Sigmas[call - 1] - Sigmas[call - 2]);
        return step with { FromModel = step.FromModel + slope + near, FromHistory1 = -slope - near - far, FromHistory2 = far };
    }

    /// <summary>φ(σ') times the integrals of 1/φ and of (s - σ)/φ from σ' to σ.</summary>
    private static (double Zeroth, double First) Integrals(double sigma, double next)
    {
        double stride = (sigma - next) / Points;
        (double zeroth, double first) = (0, 0);
        for (int i = 0; i < Points; i++)
        {
            double at = next + (i * stride);
            double share = stride / Phi(at);
            zeroth += share;
            first += (at - sigma) * share;
        }

        return (zeroth * Phi(next), first * Phi(next));
    }
}
