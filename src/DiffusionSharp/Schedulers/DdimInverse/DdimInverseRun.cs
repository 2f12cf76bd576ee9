using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class DdimInverseRun : DiscreteRun
{
    private readonly DdimInverseOptions _options;
    private readonly int _stride;

    public DdimInverseRun(DdimInverseOptions options, SamplingPlan plan)
        : base(options, Lay(options, plan), new StepKernel(plan.Shape, options.Clipping, stochastic: false))
    {
        _options = options;
        _stride = options.Schedule.TrainingTimesteps / Timesteps.Count;
    }

    public override void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // Eq. 12 with the two noise levels exchanged: the model is asked at the level that the step goes to.
        float alphaBar = AlphaBarAt(index);
        float alphaBarNext = _options.Schedule.AlphaBar[TimestepAt(index)];
        StepCoefficients step = (ForOriginal(alphaBar) with { FromModel = Math.Sqrt(alphaBarNext) })
            .AddNoiseEstimate(_options.PredictionType, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), Math.Sqrt(1 - alphaBarNext));
        Kernel.Step(step, prediction, sample, [], destination);
    }

    // A fixed stride below the timestep, as DDIM goes the other way.
    protected override float AlphaBarAt(int index)
    {
        int below = TimestepAt(index) - _stride;
        return below >= 0
            ? _options.Schedule.AlphaBar[below]
            : _options.SetAlphaToOne ? 1 : _options.Schedule.AlphaBar[0];
    }

    protected override void RejectUnusable(int index)
    {
        base.RejectUnusable(index);
        if (_options.PredictionType == PredictionType.Sample && AlphaBarAt(index) == 1)
        {
            throw new InvalidOperationException(
                $"The first step begins with a sample without any noise, of which a prediction of x_0 says nothing about the noise to add: set {nameof(DdimInverseOptions.SetAlphaToOne)} to false.");
        }
    }

    private static int[] Lay(DdimInverseOptions options, SamplingPlan plan)
    {
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("DDIM inversion takes a number of steps, not timesteps of your own.", nameof(plan));
        }

        int[] timesteps = TimestepGrid.Create(plan, options);
        Array.Reverse(timesteps);
        return timesteps;
    }
}
