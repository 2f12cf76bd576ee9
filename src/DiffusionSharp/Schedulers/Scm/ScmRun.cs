using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class ScmRun : SchedulerRun
{
    private readonly double[] _times;
    private readonly double _deviation;

    public ScmRun(ScmOptions options, SamplingPlan plan)
        : this(options, plan, Times(options, plan))
    {
    }

    private ScmRun(ScmOptions options, SamplingPlan plan, double[] times)
        : base([.. times[..^1].Select(t => Level(options, t))], new StepKernel(plan.Shape, stochastic: true), trainingTimesteps: null) =>
        (_times, _deviation) = (times, options.SigmaData);

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // The draw of the last step has weight 0, as in the reference implementation.
        NoiseLevel level = LevelAt(call);
        double next = _times[call + 1];
        var step = new StepCoefficients { ModelFromSample = level.FromInput, ModelFromPrediction = level.FromPrediction, FromModel = Math.Cos(next), NoiseScale = Math.Sin(next) * _deviation };
        Kernel.Step(step, prediction, sample, Kernel.DrawNoise(noise), destination);
    }

    private static NoiseLevel Level(ScmOptions options, double t)
    {
        (double sin, double cos) = Math.SinCos(t);
        return NoiseLevel.OfSample(t, cos, sin * options.SigmaData, new StepCoefficients { ModelFromSample = cos, ModelFromPrediction = -sin });
    }

    // In float32, and 0 after the last.
    private static double[] Times(ScmOptions options, SamplingPlan plan)
    {
        plan.RejectTimesteps();
        if (plan.Sigmas is { } sigmas)
        {
            return SigmaGrid.RoundToSingle([.. SigmaGrid.CheckCustom(sigmas).Select(sigma => Math.Atan(sigma / options.SigmaData)), 0]);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Steps, 1, nameof(plan));
        return plan.Steps == 2 && options.IntermediateTime is { } intermediate
            ? SigmaGrid.RoundToSingle([options.MaximumTime, intermediate, 0])
            : Array.ConvertAll(NoiseSchedule.LinearSpace(options.MaximumTime, 0, plan.Steps + 1), t => (double)t);
    }
}
