namespace DiffusionSharp.Schedulers;

internal sealed class Res2sRun(Res2sOptions options, SamplingPlan plan) : TwoStageRun(options, plan, options.Eta, history: 1)
{
    // b_2 = φ_2(-h)/c_2 with c_2 = 1/2, and b_1 = φ_1(-h) - b_2.
    protected override StepCoefficients Weigh(StepCoefficients step, double kept)
    {
        double second = 2 * ExponentialPhi.HTimesSecond(kept);
        return step with { FromModel = second, FromHistory1 = 1 - kept - second };
    }
}
