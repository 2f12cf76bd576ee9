using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// A run over noise levels that are known from the start: whatever follows from them, so that a sampler is its levels and its step.
/// </summary>
public abstract class SchedulerRun : ISchedulerRun
{
    private readonly NoiseLevel[] _levels;
    private readonly int? _trainingTimesteps;

    /// <summary>Prepares a run.</summary>
    /// <param name="levels">The noise level of each model call.</param>
    /// <param name="kernel">The arithmetic and memory of the generation.</param>
    /// <param name="trainingTimesteps">The timesteps that the model was trained with; null where it is asked at something else.</param>
    protected SchedulerRun(NoiseLevel[] levels, StepKernel kernel, int? trainingTimesteps)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(kernel);
        (_levels, Kernel, _trainingTimesteps) = (levels, kernel, trainingTimesteps);
    }

    /// <inheritdoc/>
    public int CallCount => _levels.Length;

    /// <inheritdoc/>
    public int TrainingTimesteps => _trainingTimesteps
        ?? throw new NotSupportedException($"{Kernel.Owner} asks the model at noise levels that are no timesteps of its training, so no range can be cut from them.");

    /// <inheritdoc/>
    public double InitialNoiseScale { get; protected init; } = 1;

    /// <summary>The arithmetic and memory of the generation.</summary>
    protected internal StepKernel Kernel { get; }

    /// <inheritdoc/>
    public NoiseLevel LevelAt(int call) => Level(call);

    /// <inheritdoc/>
    public virtual int StepOf(int call) => call;

    /// <inheritdoc/>
    public virtual int FirstCallOf(int step) => Math.Min(step, CallCount);

    /// <inheritdoc/>
    public virtual void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        ref readonly NoiseLevel level = ref Level(call);
        LinearCombination.Compute((float)(level.Alpha / level.InputScale), original, (float)(level.Sigma / level.InputScale), noise, destination);
    }

    /// <inheritdoc/>
    public virtual void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise)
    {
        ref readonly NoiseLevel level = ref Level(call);
        if (level.InputScale == 1)
        {
            sample.CopyTo(input);
        }
        else
        {
            TensorPrimitives.Multiply(sample, (float)level.InputScale, input);
        }
    }

    /// <inheritdoc/>
    public abstract void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    /// <inheritdoc/>
    public virtual void PredictOriginal(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination)
    {
        ref readonly NoiseLevel level = ref Level(call);
        var original = new StepCoefficients { ModelFromSample = level.FromInput * level.InputScale, ModelFromPrediction = level.FromPrediction };
        Kernel.Model(original, prediction, sample, destination);
    }

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter writer) => Kernel.Save(writer);

    /// <inheritdoc/>
    public virtual void Restore(BinaryReader reader) => Kernel.Restore(reader);

    /// <summary>The level of a call, not copied; throws where there is no such call.</summary>
    private protected ref readonly NoiseLevel Level(int call)
    {
        if ((uint)call >= (uint)_levels.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(call), call, $"This run has the model calls 0 to {_levels.Length - 1}.");
        }

        return ref _levels[call];
    }
}
