using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DeisRun : LogSnrRun
{
    private readonly DeisOptions _options;

    public DeisRun(DeisOptions options, SamplingPlan plan)
        : base(Lay(options, plan), options, predictsNoise: true, new StepKernel(plan.Shape, options.Clipping, stochastic: false, History(options, true, options.SolverOrder - 1)))
    {
        _options = options;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int order = MultistepOrder.At(call, CallCount, _options.SolverOrder, Kernel.HistoryCount, _options.LowerOrderFinal, endsFirst: false);
        Kernel.Step(Weigh(ForModel(call), call, order), prediction, sample, [], destination);
    }

    private static SigmaGrid Lay(DeisOptions options, SamplingPlan plan)
    {
        var table = new SigmaTable(options.Schedule);
        bool isDefault = options.SigmaSpacing == SigmaSpacing.Default && !options.FlowSigmas;
        return LogSnrGrid.Create(plan, options, table, table.Count, rounds: true, isDefault ? table.Minimum : null);
    }

    // x_t/α_t = x_s/α_s + Σ ε_k·∫ L_k(log ρ) dρ, with the Lagrange polynomials L_k through the last points (arXiv:2204.13902, eq. 15).
    private StepCoefficients Weigh(in StepCoefficients step, int call, int order)
    {
        ExponentialStep exact = ExponentialStep.OfNoise(Points[call], Points[call + 1]);
        StepCoefficients first = step with { FromSample = exact.FromSample, FromModel = exact.First };
        if (order == 1 || exact.Size == 0)
        {
            return first;
        }

        // log ρ = -λ, from here on counted from the present point: ρ = ρ_s·e^u.
        double a = Points[call].Lambda - Points[call - 1].Lambda;
        double scale = Points[call + 1].Alpha * Points[call].Sigma / Points[call].Alpha;
        double first0 = Moment(0, -exact.Size);
        double first1 = Moment(1, -exact.Size);
        if (order == 2)
        {
            double older = scale * first1 / a;
            return first with { FromModel = (scale * first0) - older, FromHistory1 = older };
        }

        double b = Points[call].Lambda - Points[call - 2].Lambda;
        double second = Moment(2, -exact.Size);
        return first with
        {
            FromModel = scale * (second - ((a + b) * first1) + (a * b * first0)) / (a * b),
            FromHistory1 = scale * (second - (b * first1)) / (a * (a - b)),
            FromHistory2 = scale * (second - (a * first1)) / (b * (b - a)),
        };
    }

    // ∫ u^k·e^u du from 0 to the end.
    private static double Moment(int power, double end)
    {
        double integral = ExponentialStep.Expm1(end);
        for (int k = 1; k <= power; k++)
        {
            integral = (Math.Pow(end, k) * Math.Exp(end)) - (k * integral);
        }

        return integral;
    }
}
