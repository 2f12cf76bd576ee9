using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>Exponential integrators in two stages, the second halfway in log σ to where the deterministic part of a step ends, with ancestral noise after it.</summary>
internal abstract class TwoStageRun : TwoCallRun
{
    private readonly double _eta;

    protected TwoStageRun(SigmaOptions options, SamplingPlan plan, double eta, int history)
        : base(
            options,
            MidpointGrid.Create(plan, options, (from, to) => AncestralStep.Between(from, to, eta).Down, roundsKarras: false),
            new StepKernel(plan.Shape, options.Clipping, stochastic: eta > 0, history, hasBase: true)) => _eta = eta;

    // An exact exponential step to the midpoint; the last step goes to x_0.
    protected override StepCoefficients First(int call, double sigma)
    {
        double kept = Sigmas[call + 1] / sigma;
        return ForOriginal(sigma) with { Base = BaseCoefficients.Sample, FromSample = kept, FromModel = 1 - kept };
    }

    protected override StepCoefficients Second(int call, double sigma)
    {
        double start = Sigmas[call - 1];
        var ancestral = AncestralStep.Between(start, Sigmas[call + 1], _eta);
        double kept = ancestral.Down / start;
        return Weigh(ForOriginal(sigma) with { Base = BaseCoefficients.Kept, FromBase = kept, NoiseScale = ancestral.Up }, kept);
    }

    protected override ReadOnlySpan<float> DrawNoise(int call, INoiseSource noise) =>
        _eta > 0 && call % 2 == 1 ? Kernel.DrawNoise(noise, Sigmas[call - 1], Sigmas[call + 1]) : [];

    /// <summary>The weights of both stages' x_0, m_1 and m, which sum to <c>1 - kept</c>.</summary>
    /// <param name="step">The step without them.</param>
    /// <param name="kept">What is kept of the sample that the step began with, e^-h.</param>
    protected abstract StepCoefficients Weigh(StepCoefficients step, double kept);
}
