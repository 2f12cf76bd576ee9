using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>A run around another one: everything is that one's but what is overridden.</summary>
/// <param name="inner">The run inside.</param>
public abstract class DelegatingSchedulerRun(ISchedulerRun inner) : ISchedulerRun
{
    /// <inheritdoc/>
    public virtual int CallCount => Inner.CallCount;

    /// <inheritdoc/>
    public virtual int TrainingTimesteps => Inner.TrainingTimesteps;

    /// <inheritdoc/>
    public virtual double InitialNoiseScale => Inner.InitialNoiseScale;

    /// <summary>The run inside.</summary>
    protected ISchedulerRun Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual NoiseLevel LevelAt(int call) => Inner.LevelAt(call);

    /// <inheritdoc/>
    public virtual int StepOf(int call) => Inner.StepOf(call);

    /// <inheritdoc/>
    public virtual int FirstCallOf(int step) => Inner.FirstCallOf(step);

    /// <inheritdoc/>
    public virtual void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination) =>
        Inner.AddNoise(call, original, noise, destination);

    /// <inheritdoc/>
    public virtual void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise) => Inner.PrepareInput(call, sample, input, noise);

    /// <inheritdoc/>
    public virtual void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise) =>
        Inner.Step(call, prediction, sample, destination, noise);

    /// <inheritdoc/>
    public virtual void PredictOriginal(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination) =>
        Inner.PredictOriginal(call, prediction, sample, destination);

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter writer) => Inner.Save(writer);

    /// <inheritdoc/>
    public virtual void Restore(BinaryReader reader) => Inner.Restore(reader);
}
