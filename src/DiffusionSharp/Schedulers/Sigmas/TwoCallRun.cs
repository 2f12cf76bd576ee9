using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of second-order methods share that ask the model twice within each step but the last.</summary>
internal abstract class TwoCallRun : SlopeRun
{
    private bool _isWithinStep;

    protected TwoCallRun(SigmaOptions options, SamplingPlan plan, SigmaGrid grid, bool stochastic = false)
        : this(options, grid, new StepKernel(plan.Shape, options.Clipping, stochastic, history: 1))
    {
    }

    protected TwoCallRun(SigmaOptions options, SigmaGrid grid, StepKernel kernel)
        : base(options, grid, kernel)
    {
    }

    public override int StepOf(int call) => call / 2;

    public override int FirstCallOf(int step) => Math.Min(2 * step, CallCount);

    // Within a step the known part of a picture has the level of the step's end, as in the reference implementation.
    public override void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        Level(call);
        LinearCombination.Compute(1, original, (float)Sigmas[call + (call % 2)], noise, destination);
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        bool isSecond = call % 2 == 1;
        if (isSecond && !_isWithinStep)
        {
            throw new InvalidOperationException($"Call {call} is the second of a step whose first, {call - 1}, was not taken: a generation starts at an even call.");
        }

        StepCoefficients step = isSecond
            ? Second(call, sigma)
            : First(call, sigma);
        Kernel.Step(step, prediction, sample, DrawNoise(call, noise), destination);
        _isWithinStep = !isSecond;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_isWithinStep);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        _isWithinStep = reader.ReadBoolean();
    }

    /// <summary>The noise of a call; empty where none is added.</summary>
    protected virtual ReadOnlySpan<float> DrawNoise(int call, INoiseSource noise) => [];

    /// <summary>The first half of a step, or a last step of one call: from σ along the slope.</summary>
    protected virtual StepCoefficients First(int call, double sigma) => AlongSlope(sigma, Sigmas[call + 1] - sigma);

    /// <summary>The second half of a step: from where the first half led, at <paramref name="sigma"/>; m_1 is the slope of the first half.</summary>
    protected abstract StepCoefficients Second(int call, double sigma);
}
