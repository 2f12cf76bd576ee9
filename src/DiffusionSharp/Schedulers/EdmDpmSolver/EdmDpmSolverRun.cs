using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class EdmDpmSolverRun : SigmaRun
{
    private readonly EdmDpmSolverOptions _options;

    private readonly LogSnrPoint[] _points;

    public EdmDpmSolverRun(EdmDpmSolverOptions options, SamplingPlan plan)
        : base(
            new EdmPreconditioning(options),
            EdmGrid.Create(options, plan, options.SigmaMin),
            new StepKernel(plan.Shape, options.Clipping, options.IsStochastic, options.SolverOrder - 1),
            trainingTimesteps: null)
    {
        _options = options;
        _points = [.. Sigmas.Select(LogSnrPoint.VarianceExploding)];
        InitialNoiseScale = EdmPreconditioning.InitialNoiseScale(options);
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        StepCoefficients original = ForOriginal(SigmaAt(call));
        int order = MultistepOrder.At(
            call,
            CallCount,
            _options.SolverOrder,
            Kernel.HistoryCount,
            _options.LowerOrderFinal,
            _options.EulerAtFinal || _options.FinalSigma == FinalSigma.Zero);
        StepCoefficients step = DpmSolverStep.Multistep(original, _options.Algorithm, _options.SolverType, order, _points, call);
        Kernel.Step(step, prediction, sample, _options.IsStochastic ? Kernel.DrawNoise(noise, Sigmas[call], Sigmas[call + 1]) : [], destination);
    }
}
