namespace DiffusionSharp.Schedulers;

internal sealed class DpmSolverAncestralRun(DpmSolverAncestralOptions options, SamplingPlan plan) : TwoStageRun(options, plan, options.Eta, history: 0)
{
    protected override StepCoefficients Weigh(StepCoefficients step, double kept) => step with { FromModel = 1 - kept };
}
