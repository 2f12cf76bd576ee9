using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class DdimInverseRun : DiscreteRun
{
    private readonly DdimInverseOptions _options;

    public DdimInverseRun(DdimInverseOptions options, SamplingPlan plan)
        : this(options, plan, Lay(options, plan))
    {
    }

    private DdimInverseRun(DdimInverseOptions options, SamplingPlan plan, int[] timesteps)
        : base(options, timesteps, AlphaBarBelow(options, timesteps), new StepKernel(plan.Shape, options.Clipping)) => _options = options;

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        // Eq. 12 with the two noise levels exchanged: the model is asked at the level that the step goes to.
        float alphaBar = AlphaBarAt(call);
        float alphaBarNext = _options.Schedule.AlphaBar[TimestepAt(call)];
        StepCoefficients step = (ForOriginal(alphaBar) with { FromModel = Math.Sqrt(alphaBarNext) })
            .AddNoiseEstimate(_options.PredictionType, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), Math.Sqrt(1 - alphaBarNext));
        Kernel.Step(step, prediction, sample, [], destination);
    }

    protected override void RejectUnusable(int call)
    {
        base.RejectUnusable(call);
        if (_options.PredictionType == PredictionType.Sample && AlphaBarAt(call) == 1)
        {
            throw new InvalidOperationException(
                $"The first step begins with a sample without any noise, of which a prediction of x_0 says nothing about the noise to add: set {nameof(DdimInverseOptions.SetAlphaToOne)} to false.");
        }
    }

    // A fixed stride below the timestep, as DDIM goes the other way.
    private static float[] AlphaBarBelow(DdimInverseOptions options, int[] timesteps)
    {
        int stride = options.Schedule.TrainingTimesteps / timesteps.Length;
        return Array.ConvertAll(timesteps, t => t >= stride ? options.Schedule.AlphaBar[t - stride] : options.SetAlphaToOne ? 1 : options.Schedule.AlphaBar[0]);
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
