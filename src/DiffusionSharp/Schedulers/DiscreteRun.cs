using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What the runs of schedulers over a discrete noise schedule share.</summary>
internal abstract class DiscreteRun : ISchedulerRun
{
    private readonly DiscreteSchedulerOptions _options;
    private readonly int[] _timesteps;

    protected DiscreteRun(DiscreteSchedulerOptions options, SamplingPlan plan, bool stochastic)
        : this(options, TimestepGrid.Create(plan, options), new StepKernel(plan.Shape, options.Clipping, stochastic))
    {
    }

    protected DiscreteRun(DiscreteSchedulerOptions options, int[] timesteps, StepKernel kernel)
    {
        if (options.PredictionType == PredictionType.Flow)
        {
            throw new ArgumentException("This scheduler is for models of a discrete noise schedule and cannot use the velocity of flow matching: take a flow-matching scheduler.", nameof(options));
        }

        _options = options;
        _timesteps = timesteps;
        Timesteps = Array.AsReadOnly(Array.ConvertAll(_timesteps, t => (double)t));
        Kernel = kernel;
    }

    public IReadOnlyList<double> Timesteps { get; }

    public double InitialNoiseScale => 1;

    protected StepKernel Kernel { get; }

    protected ReadOnlySpan<int> IntegerTimesteps => _timesteps;

    public void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        float alphaBar = AlphaBarAt(index);
        LinearCombination.Compute(MathF.Sqrt(alphaBar), original, MathF.Sqrt(1 - alphaBar), noise, destination);
    }

    public void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination)
    {
        RejectUnusable(index);
        sample.CopyTo(destination);
    }

    public abstract void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    public void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        Kernel.Model(ForOriginal(AlphaBarAt(index)), prediction, sample, destination);

    protected int TimestepAt(int index)
    {
        if ((uint)index >= (uint)_timesteps.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"This run has the steps 0 to {_timesteps.Length - 1}.");
        }

        return _timesteps[index];
    }

    /// <summary>ᾱ of the sample that a step begins with.</summary>
    protected virtual float AlphaBarAt(int index) => _options.Schedule.AlphaBar[TimestepAt(index)];

    /// <summary>m is x_0 at a noise level.</summary>
    protected StepCoefficients ForOriginal(float alphaBar) => StepCoefficients.ForOriginal(_options.PredictionType, alphaBar);

    /// <summary>Throws where a prediction says nothing about the sample.</summary>
    // Before the model is asked, and not at the start: image-to-image may begin at a later timestep.
    protected virtual void RejectUnusable(int index)
    {
        if (_options.PredictionType == PredictionType.Epsilon && _options.Clipping is SampleClipping.NoClipping && AlphaBarAt(index) == 0)
        {
            throw new InvalidOperationException(
                $"At timestep {TimestepAt(index)} nothing of the signal is left (zero terminal SNR), so a noise prediction says nothing about x_0: use a model that predicts v or x_0, or other timesteps.");
        }
    }
}
