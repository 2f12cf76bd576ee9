using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverSinglestepRun : LogSnrRun
{
    private readonly DpmSolverSinglestepOptions _options;
    private readonly int[] _orders;

    public DpmSolverSinglestepRun(DpmSolverSinglestepOptions options, SamplingPlan plan)
        : base(
            DpmSolverGrid.Create(options with { TimestepSpacing = TimestepSpacing.Linspace }, plan, rounds: true),
            options,
            options.PredictsNoise,
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, History(options, options.PredictsNoise, options.SolverOrder - 1), hasBase: true))
    {
        _options = options;
        _orders = options.Orders(CallCount);
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {

        // Image-to-image may begin within a group.
        int order = Math.Min(_orders[call], Kernel.HistoryCount + 1);
        StepCoefficients step = DpmSolverStep.Singlestep(ForModel(call), _options.Algorithm, _options.SolverType, order, Points, call);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise, Points[call - order + 1].Ratio, Points[call + 1].Ratio) : [], destination);
    }
}
