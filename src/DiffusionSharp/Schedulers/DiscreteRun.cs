using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of schedulers over a discrete noise schedule share.</summary>
internal abstract class DiscreteRun : SchedulerRun
{
    private readonly DiscreteSchedulerOptions _options;
    private readonly int[] _timesteps;
    private readonly float[] _alphaBar;

    protected DiscreteRun(DiscreteSchedulerOptions options, SamplingPlan plan, bool stochastic)
        : this(options, TimestepGrid.Create(plan, options), new StepKernel(plan.Shape, options.Clipping, stochastic))
    {
    }

    protected DiscreteRun(DiscreteSchedulerOptions options, int[] timesteps, StepKernel kernel)
        : this(options, timesteps, Array.ConvertAll(timesteps, t => options.Schedule.AlphaBar[t]), kernel)
    {
    }

    /// <param name="options">The options.</param>
    /// <param name="timesteps">The timestep of each call.</param>
    /// <param name="alphaBar">ᾱ of the sample that each call begins with.</param>
    /// <param name="kernel">The memory of the generation.</param>
    protected DiscreteRun(DiscreteSchedulerOptions options, int[] timesteps, float[] alphaBar, StepKernel kernel)
        : base(Levels(options, timesteps, alphaBar), kernel, options.Schedule.TrainingTimesteps) =>
        (_options, _timesteps, _alphaBar) = (options, timesteps, alphaBar);

    protected ReadOnlySpan<int> IntegerTimesteps => _timesteps;

    public sealed override void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise)
    {
        RejectUnusable(call);
        base.PrepareInput(call, sample, input, noise);
    }

    protected int TimestepAt(int call) => (int)Level(call).Timestep;

    /// <summary>ᾱ of the sample that a call begins with.</summary>
    protected float AlphaBarAt(int call)
    {
        Level(call);
        return _alphaBar[call];
    }

    /// <summary>m is x_0 at a noise level.</summary>
    protected StepCoefficients ForOriginal(float alphaBar) => StepCoefficients.ForOriginal(_options.PredictionType, alphaBar);

    /// <summary>Throws where a prediction says nothing about the sample.</summary>
    // Before the model is asked, and not at the start: image-to-image may begin at a later timestep.
    protected virtual void RejectUnusable(int call)
    {
        if (_options.PredictionType == PredictionType.Epsilon && _options.Clipping is SampleClipping.NoClipping && AlphaBarAt(call) == 0)
        {
            throw new InvalidOperationException(
                $"At timestep {TimestepAt(call)} nothing of the signal is left (zero terminal SNR), so a noise prediction says nothing about x_0: use a model that predicts v or x_0, or other timesteps.");
        }
    }

    private static NoiseLevel[] Levels(DiscreteSchedulerOptions options, int[] timesteps, float[] alphaBar)
    {
        if (options.PredictionType == PredictionType.Flow)
        {
            throw new ArgumentException("This scheduler is for models of a discrete noise schedule and cannot use the velocity of flow matching: take a flow-matching scheduler.", nameof(options));
        }

        var levels = new NoiseLevel[timesteps.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = NoiseLevel.OfSample(timesteps[i], Math.Sqrt(alphaBar[i]), Math.Sqrt(1 - alphaBar[i]), StepCoefficients.ForOriginal(options.PredictionType, alphaBar[i]));
        }

        return levels;
    }
}
