namespace DiffusionSharp.Schedulers;

internal sealed class HeunRun(HeunOptions options, SamplingPlan plan) : TwoCallRun(options, plan, Lay(options, plan))
{
    // The first half led to x_1 = x + (σ' - σ)·d_1, so x + (σ' - σ)·(d_1 + d)/2 is x_1 + (σ' - σ)·(d - d_1)/2.
    protected override StepCoefficients Second(int call, double sigma)
    {
        double half = (sigma - Sigmas[call - 1]) / 2;
        return AlongSlope(sigma, half) with { FromHistory1 = -half };
    }

    private static SigmaGrid Lay(HeunOptions options, SamplingPlan plan)
    {
        SigmaGrid grid = FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0);
        return grid.WithSecondCalls(grid.Timesteps.AsSpan(1), grid.Sigmas.AsSpan(1));
    }
}
