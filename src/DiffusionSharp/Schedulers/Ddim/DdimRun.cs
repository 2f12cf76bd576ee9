using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class DdimRun : DiscreteRun
{
    private readonly DdimOptions _options;
    private readonly bool _hasCustomTimesteps;
    private readonly int _stride;

    public DdimRun(DdimOptions options, SamplingPlan plan)
        : base(options, plan, stochastic: options.Eta > 0)
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

        StepCoefficients step = Direction(alphaBar, Math.Sqrt(Math.Max(0, 1 - alphaBarNext - (sigma * sigma))));
        step = step with
        {
            FromModel = step.FromModel + Math.Sqrt(alphaBarNext),
            NoiseScale = sigma,
        };
        Kernel.Step(step, prediction, sample, _options.Eta > 0 ? Kernel.DrawNoise(noise) : [], destination);
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
