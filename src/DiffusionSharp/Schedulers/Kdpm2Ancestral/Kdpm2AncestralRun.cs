using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class Kdpm2AncestralRun(Kdpm2AncestralOptions options, SamplingPlan plan)
    : TwoCallRun(options, plan, MidpointGrid.Create(plan, options, Down, roundsKarras: true), stochastic: true)
{
    protected override ReadOnlySpan<float> DrawNoise(int call, INoiseSource noise) =>
        call % 2 == 1 ? Kernel.DrawNoise(noise, Sigmas[call - 1], Sigmas[call + 1]) : [];

    // As without noise, but to σ_down in place of σ'.
    protected override StepCoefficients Second(int call, double sigma)
    {
        (double start, double end) = (Sigmas[call - 1], Sigmas[call + 1]);
        return AlongSlope(sigma, Down(start, end) - start) with { FromHistory1 = start - sigma, NoiseScale = AncestralStep.Between(start, end).Up };
    }

    // Never 0 before the last step, for then there would be no midpoint in log σ.
    private static double Down(double from, double to)
    {
        double down = AncestralStep.Between(from, to).Down;
        return down > 0 ? down : AncestralStep.Exact(from, to);
    }
}
