using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverRun : LogSnrRun
{
    private readonly DpmSolverOptions _options;

    public DpmSolverRun(DpmSolverOptions options, SamplingPlan plan)
        : base(
            DpmSolverGrid.Create(options, plan, options.RoundsTimesteps),
            options,
            options.PredictsNoise,
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, History(options, options.PredictsNoise, options.SolverOrder - 1)))
    {
        _options = options;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int order = MultistepOrder.At(
            call,
            CallCount,
            _options.SolverOrder,
            Kernel.HistoryCount,
            _options.LowerOrderFinal,
            _options.EulerAtFinal || Sigmas[^1] == 0);
        StepCoefficients step = DpmSolverStep.Multistep(ForModel(call), _options.Algorithm, _options.SolverType, order, Points, call);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise, Points[call].Ratio, Points[call + 1].Ratio) : [], destination);
    }
}
