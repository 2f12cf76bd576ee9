using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers.Kernels;

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
        _options = options;
        _timesteps = timesteps;
        Timesteps = Array.AsReadOnly(Array.ConvertAll(_timesteps, t => (double)t));
        Kernel = kernel;
    }

    public IReadOnlyList<double> Timesteps { get; }

    public double InitialNoiseScale => 1;

    protected StepKernel Kernel { get; }

    protected ReadOnlySpan<int> IntegerTimesteps => _timesteps;

    public void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination) =>
        _options.Schedule.AddNoise(original, noise, TimestepAt(index), destination);

    public void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination)
    {
        RejectZeroSignal(TimestepAt(index));
        sample.CopyTo(destination);
    }

    public abstract void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    public void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        Kernel.Model(ForOriginal(TimestepAt(index)), prediction, sample, destination);

    protected int TimestepAt(int index)
    {
        if ((uint)index >= (uint)_timesteps.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"This run has the steps 0 to {_timesteps.Length - 1}.");
        }

        return _timesteps[index];
    }

    protected StepCoefficients ForOriginal(int timestep) => StepCoefficients.ForOriginal(_options.PredictionType, _options.Schedule.AlphaBar[timestep]);

    // Here, before the model is asked, and not at the start: image-to-image may begin at a later timestep.
    private void RejectZeroSignal(int timestep)
    {
        if (_options.PredictionType == PredictionType.Epsilon && _options.Clipping is SampleClipping.NoClipping && _options.Schedule.AlphaBar[timestep] == 0)
        {
            throw new InvalidOperationException(
                $"At timestep {timestep} nothing of the signal is left (zero terminal SNR), so a noise prediction says nothing about x_0: use a model that predicts v or x_0, or other timesteps.");
        }
    }
}
