using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>m is the noise ε that a velocity implies: <c>σ·x + α·v</c>.</summary>
internal sealed class IpndmRun : ISchedulerRun
{
    // Stands for a zero where x_0 would be divided by it.
    private const double SmallestSignal = 1e-8;
    private const int Order = 4;

    private readonly float[] _sigmas;
    private readonly float[] _signals;
    private readonly StepKernel _kernel;

    public IpndmRun(IpndmOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("iPNDM has no integer timesteps, so a plan cannot have its own.", nameof(plan));
        }

        _sigmas = options.Sigmas is { } custom ? [.. custom] : SquaredSine(plan.Steps);

        // In float32: the first of these are small differences, which reference implementations round.
        _signals = Array.ConvertAll(_sigmas, sigma => MathF.Sqrt(1 - (sigma * sigma)));
        var timesteps = new double[_sigmas.Length - 1];
        for (int i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = MathF.Atan2(_sigmas[i], _signals[i]) / MathF.PI * 2;
        }

        Timesteps = Array.AsReadOnly(timesteps);
        _kernel = new StepKernel(plan.Shape, SampleClipping.None, stochastic: false, history: Order - 1);
    }

    public IReadOnlyList<double> Timesteps { get; }

    public double InitialNoiseScale => 1;

    public void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        Check(index);
        LinearCombination.Compute(_signals[index], original, _sigmas[index], noise, destination);
    }

    public void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination)
    {
        Check(index);
        sample.CopyTo(destination);
    }

    public void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        Check(index);
        (double alpha, double sigma, double nextAlpha, double nextSigma) = (_signals[index], _sigmas[index], _signals[index + 1], _sigmas[index + 1]);
        (double p0, double p1, double p2, double p3) = AdamsBashforth.Weights(Math.Min(_kernel.HistoryCount + 1, Order));
        double divisor = Math.Max(alpha, SmallestSignal);
        double fromNoise = nextSigma - (nextAlpha * sigma / divisor);

        // x' = α'·(x - σ·e)/α + σ'·e; what e has of the present m is written out in x and v, because where α is 0 its terms cancel.
        _kernel.Step(
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

    public void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination)
    {
        Check(index);
        _kernel.Model(new StepCoefficients { ModelFromSample = _signals[index], ModelFromPrediction = -_sigmas[index] }, prediction, sample, destination);
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

    private void Check(int index)
    {
        if ((uint)index >= (uint)Timesteps.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"This run has the steps 0 to {Timesteps.Count - 1}.");
        }
    }
}
