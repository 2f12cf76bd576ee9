using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverInverseRun : LogSnrRun
{
    private readonly DpmSolverInverseOptions _options;

    public DpmSolverInverseRun(DpmSolverInverseOptions options, SamplingPlan plan)
        : base(
            DpmSolverInverseGrid.Create(options, plan),
            options,
            options.PredictsNoise,
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, History(options, options.PredictsNoise, options.SolverOrder - 1)))
    {
        _options = options;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int order = MultistepOrder.At(call, CallCount, _options.SolverOrder, Kernel.HistoryCount, _options.LowerOrderFinal, _options.EulerAtFinal);
        StepCoefficients step = DpmSolverStep.Multistep(ForModel(call), _options.Algorithm, _options.SolverType, order, Points, call);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise) : [], destination);
    }
}
