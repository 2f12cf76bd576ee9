using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DdimRun : DiscreteRun
{
    private readonly DdimOptions _options;
    private readonly bool _hasCustomTimesteps;
    private readonly int _stride;

    public DdimRun(DdimOptions options, SamplingPlan plan)
        : base(options, plan, stochastic: options.Eta > 0 || options.DrawsEveryStep)
    {
        _options = options;
        _hasCustomTimesteps = plan.Timesteps is not null;
        _stride = options.Schedule.TrainingTimesteps / CallCount;
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        int t = TimestepAt(call);
        Kernel.HasVariance(prediction, sample);
        float alphaBar = _options.Schedule.AlphaBar[t];
        float alphaBarNext = AlphaBarAfter(call, t);
        double sigma = _options.Eta * Math.Sqrt((1 - alphaBarNext) / (1 - alphaBar) * (1 - (alphaBar / alphaBarNext)));

        double signalNext = Math.Sqrt(alphaBarNext);
        double direction = Math.Sqrt(Math.Max(0, 1 - alphaBarNext - (sigma * sigma)));
        StepCoefficients step = Direction(alphaBar, direction);
        step = step with
        {
            FromModel = step.FromModel + signalNext,
            NoiseScale = sigma,
            FromScore = ScoreWeight(alphaBar, signalNext, direction),
        };
        Span<float> z = _options.Eta > 0 || _options.DrawsEveryStep ? Kernel.DrawNoise(noise) : [];
        Kernel.Step(step, prediction, sample, _options.Eta > 0 ? z : [], destination);
    }

    // With a spacing, a fixed stride down whatever the spacing is, as the reference implementation goes; with timesteps of one's own, to the next of them.
    private float AlphaBarAfter(int call, int timestep)
    {
        int next = _hasCustomTimesteps
            ? call + 1 < IntegerTimesteps.Length ? IntegerTimesteps[call + 1] : -1
            : timestep - _stride;
        return next >= 0
            ? _options.Schedule.AlphaBar[next]
            : _options.SetAlphaToOne ? 1 : _options.Schedule.AlphaBar[0];
    }

    // ε shifts by -σ·s after clipping, and x_0 with it by σ²·s/α without being clipped again (arXiv:2105.05233, algorithm 2). Noise alone has no score.
    private static double ScoreWeight(float alphaBar, double signalNext, double direction)
    {
        double noise = Math.Sqrt(1 - alphaBar);
        return alphaBar == 0 ? 0 : (signalNext * noise * noise / Math.Sqrt(alphaBar)) - (direction * noise);
    }

    // The noise estimate of eq. 12 times its weight.
    private StepCoefficients Direction(float alphaBar, double weight)
    {
        StepCoefficients step = ForOriginal(alphaBar);
        double signal = Math.Sqrt(alphaBar);
        double noise = Math.Sqrt(1 - alphaBar);
        return _options.UseClippedModelOutput
            ? step with { FromSample = weight / noise, FromModel = -weight * signal / noise }
            : step.AddNoiseEstimate(_options.PredictionType, signal, noise, weight);
    }
}
