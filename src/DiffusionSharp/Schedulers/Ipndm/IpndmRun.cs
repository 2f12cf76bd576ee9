using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>m is the noise ε that a velocity implies: <c>σ·x + α·v</c>.</summary>
internal sealed class IpndmRun : SchedulerRun
{
    // Stands for a zero where x_0 would be divided by it.
    private const double SmallestSignal = 1e-8;
    private const int Order = 4;

    private readonly float[] _sigmas;
    private readonly float[] _signals;

    public IpndmRun(IpndmOptions options, SamplingPlan plan)
        : this(Lay(options, plan), plan)
    {
    }

    private IpndmRun(float[] sigmas, SamplingPlan plan)
        : this(sigmas, Array.ConvertAll(sigmas, SignalOf), plan)
    {
    }

    private IpndmRun(float[] sigmas, float[] signals, SamplingPlan plan)
        : base(Levels(sigmas, signals), new StepKernel(plan.Shape, history: Order - 1), trainingTimesteps: null) =>
        (_sigmas, _signals) = (sigmas, signals);

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        Level(call);
        (double alpha, double sigma, double nextAlpha, double nextSigma) = (_signals[call], _sigmas[call], _signals[call + 1], _sigmas[call + 1]);
        (double p0, double p1, double p2, double p3) = AdamsBashforth.Weights(Math.Min(Kernel.HistoryCount + 1, Order));
        double divisor = Math.Max(alpha, SmallestSignal);
        double fromNoise = nextSigma - (nextAlpha * sigma / divisor);

        // x' = α'·(x - σ·e)/α + σ'·e; what e has of the present m is written out in x and v, because where α is 0 its terms cancel.
        Kernel.Step(
            new StepCoefficients
            {
                ModelFromSample = sigma,
                ModelFromPrediction = alpha,
                FromSample = (nextAlpha * (1 - (sigma * sigma * p0)) / divisor) + (nextSigma * sigma * p0),
                FromPrediction = fromNoise * p0 * alpha,
                FromHistory1 = fromNoise * p1,
                FromHistory2 = fromNoise * p2,
                FromHistory3 = fromNoise * p3,
            },
            prediction,
            sample,
            [],
            destination);
    }

    private static float[] Lay(IpndmOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("iPNDM has no integer timesteps, so a plan cannot have its own.", nameof(plan));
        }

        return options.Sigmas is { } custom ? [.. custom] : SquaredSine(plan.Steps);
    }

    // In float32: the first of these are small differences, which reference implementations round.
    private static float SignalOf(float sigma) => MathF.Sqrt(1 - (sigma * sigma));

    private static NoiseLevel[] Levels(float[] sigmas, float[] signals)
    {
        var levels = new NoiseLevel[sigmas.Length - 1];
        for (int i = 0; i < levels.Length; i++)
        {
            float timestep = MathF.Atan2(sigmas[i], signals[i]) / MathF.PI * 2;
            levels[i] = NoiseLevel.OfSample(timestep, signals[i], sigmas[i], new StepCoefficients { ModelFromSample = signals[i], ModelFromPrediction = -sigmas[i] });
        }

        return levels;
    }

    private static float[] SquaredSine(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++)
        {
            float sine = MathF.Sin((float)(1 - (i / (double)steps)) * MathF.PI / 2);
            sigmas[i] = sine * sine;
        }

        return sigmas;
    }
}
