using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class EulerAncestralRun : SigmaRun
{
    public EulerAncestralRun(EulerAncestralOptions options, SamplingPlan plan)
        : this(options, plan, FractionalGrid.Create(plan, options, new SigmaTable(options.Schedule), null, null, final: 0))
    {
    }

    private EulerAncestralRun(EulerAncestralOptions options, SamplingPlan plan, SigmaGrid grid)
        : base(grid, options.PredictionType, new StepKernel(plan.Shape, options.Clipping, stochastic: true)) =>
        InitialNoiseScale = grid.InitialNoiseScale(options.TimestepSpacing);

    public override double InitialNoiseScale { get; }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(index);
        var ancestral = AncestralStep.Between(sigma, Sigmas[index + 1]);
        StepCoefficients step = AlongSlope(sigma, ancestral.Down - sigma) with { NoiseScale = ancestral.Up };

        // Drawn in the last step too, though its weight is 0 there: noise streams go on as in reference implementations.
        Kernel.Step(step, prediction, sample, Kernel.DrawNoise(noise, sigma, Sigmas[index + 1]), destination);
    }
}
