using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class WuerstchenRun : SchedulerRun
{
    private readonly float[] _alphaBar;

    public WuerstchenRun(WuerstchenOptions options, SamplingPlan plan)
        : this(plan, Times(plan), options)
    {
    }

    private WuerstchenRun(SamplingPlan plan, float[] times, WuerstchenOptions options)
        : base([.. times[..^1].Select(t => Level(options, t))], new StepKernel(plan.Shape, stochastic: true), trainingTimesteps: null) =>
        _alphaBar = Array.ConvertAll(times, t => AlphaBar(options, t));

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        LevelAt(call);

        // Differences of nearly equal float32 numbers, taken in float32 as the reference implementation takes them: the rounding is part of its result.
        (float alphaBar, float next) = (_alphaBar[call], _alphaBar[call + 1]);
        float alpha = alphaBar / next;
        double scale = 1 / Math.Sqrt(alpha);
        bool isLast = call + 1 == CallCount;
        StepCoefficients step = StepCoefficients.ForOriginal(PredictionType.Epsilon, alphaBar) with
        {
            FromSample = scale,
            FromPrediction = -scale * (1 - alpha) / Math.Sqrt(1 - alphaBar),
            NoiseScale = isLast ? 0 : Math.Sqrt((1 - alpha) * (1 - next) / (1 - alphaBar)),
        };

        // The draw of the last step has weight 0, as in the reference implementation.
        Kernel.Step(step, prediction, sample, Kernel.DrawNoise(noise), destination);
    }

    private static NoiseLevel Level(WuerstchenOptions options, float t)
    {
        float alphaBar = AlphaBar(options, t);
        return NoiseLevel.OfSample(t, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), StepCoefficients.ForOriginal(PredictionType.Epsilon, alphaBar));
    }

    private static float AlphaBar(WuerstchenOptions options, float t)
    {
        double bent = options.Scaler >= 1 ? 1 - Math.Pow(1 - t, options.Scaler) : Math.Pow(t, options.Scaler);
        return (float)Math.Clamp(SquaredCosine(bent, options.Offset) / SquaredCosine(0, options.Offset), 0.0001, 0.9999);
    }

    private static double SquaredCosine(double t, double offset)
    {
        double cosine = Math.Cos((t + offset) / (1 + offset) * Math.PI / 2);
        return cosine * cosine;
    }

    private static float[] Times(SamplingPlan plan)
    {
        plan.RejectSigmas();
        plan.RejectTimesteps();
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Steps, 1, nameof(plan));
        return NoiseSchedule.LinearSpace(1, 0, plan.Steps + 1);
    }
}
