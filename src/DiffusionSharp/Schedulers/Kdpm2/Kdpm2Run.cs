namespace DiffusionSharp.Schedulers;

internal sealed class Kdpm2Run(Kdpm2Options options, SamplingPlan plan) : TwoCallRun(options, plan, MidpointGrid.Create(plan, options, static (_, next) => next, roundsKarras: true))
{
    // The first half led to x_m = x + (σ_m - σ)·d_1, so x + (σ' - σ)·d is x_m - (σ_m - σ)·d_1 + (σ' - σ)·d.
    protected override StepCoefficients Second(int call, double sigma)
    {
        double start = Sigmas[call - 1];
        return AlongSlope(sigma, Sigmas[call + 1] - start) with { FromHistory1 = start - sigma };
    }
}
