using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of second-order methods share that ask the model twice within each step but the last.</summary>
internal abstract class TwoCallRun : SigmaRun
{
    private bool _isWithinStep;

    protected TwoCallRun(SigmaOptions options, SamplingPlan plan, SigmaGrid grid, bool stochastic = false)
        : this(options, grid, new StepKernel(plan.Shape, options.Clipping, stochastic, history: 1))
    {
    }

    protected TwoCallRun(SigmaOptions options, SigmaGrid grid, StepKernel kernel)
        : base(grid, options.PredictionType, kernel) =>
        InitialNoiseScale = grid.InitialNoiseScale(options.TimestepSpacing);

    public override double InitialNoiseScale { get; }

    public override int CallsPerStep => 2;

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(index);
        bool isSecond = index % 2 == 1;
        if (isSecond && !_isWithinStep)
        {
            throw new InvalidOperationException($"Step {index} is the second half of a step whose first half, {index - 1}, was not taken: a generation starts at an even index.");
        }

        StepCoefficients step = isSecond
            ? Second(index, sigma)
            : First(index, sigma);
        Kernel.Step(step, prediction, sample, DrawNoise(index, noise), destination);
        _isWithinStep = !isSecond;
    }

    /// <summary>The noise of a call; empty where none is added.</summary>
    protected virtual ReadOnlySpan<float> DrawNoise(int index, INoiseSource noise) => [];

    /// <summary>The first half of a step, or a last step of one call: from σ along the slope.</summary>
    protected virtual StepCoefficients First(int index, double sigma) => AlongSlope(sigma, Sigmas[index + 1] - sigma);

    /// <summary>The second half of a step: from where the first half led, at <paramref name="sigma"/>; m_1 is the slope of the first half.</summary>
    protected abstract StepCoefficients Second(int index, double sigma);
}
