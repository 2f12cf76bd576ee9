using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The steps of one generation, taken in order, each exactly once; image-to-image starts at a later index. Not thread-safe.
/// All spans hold a batch <c>[B, C, H, W]</c>, row-major. No method allocates.
/// </summary>
public interface ISchedulerRun
{
    /// <summary>The timestep that the model is asked at in each step, in training units, usually falling; its count is the number of model calls.</summary>
    IReadOnlyList<double> Timesteps { get; }

    /// <summary>Model calls that make up one step of the plan, the last step perhaps fewer; a generation can start only at a multiple of it. 1 for most schedulers.</summary>
    int CallsPerStep => 1;

    /// <summary>Whether steps keep the plan's <see cref="SamplingPlan.KnownRegion"/> themselves; where not, the loop does after each step. False for most schedulers.</summary>
    bool KeepsKnownRegion => false;

    /// <summary>Standard deviation of the noise that a generation starts from, which unit noise is multiplied with.</summary>
    double InitialNoiseScale { get; }

    /// <summary>The model call that a step of the plan begins with, so that a generation can start there.</summary>
    /// <param name="step">The step, from 0 to their number, which is the end.</param>
    /// <returns>An index into <see cref="Timesteps"/>, or their number.</returns>
    int FirstCallOf(int step) => Math.Min(step * CallsPerStep, Timesteps.Count);

    /// <summary>Noises a clean sample to the level of a step, so that a generation can start there: q(x_t | x_0).</summary>
    /// <param name="index">The step, an index into <see cref="Timesteps"/>.</param>
    /// <param name="original">The clean sample x_0.</param>
    /// <param name="noise">Unit noise ε.</param>
    /// <param name="destination">Receives x_t; may be <paramref name="original"/> or <paramref name="noise"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    void AddNoise(int index, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination);

    /// <summary>Scales the sample to what the model expects at a step. A plain copy for variance-preserving schedulers.</summary>
    /// <param name="index">The step.</param>
    /// <param name="sample">The sample x_t.</param>
    /// <param name="destination">Receives the model's input.</param>
    /// <exception cref="InvalidOperationException">The configuration cannot step from this timestep; the message says why.</exception>
    void ScaleModelInput(int index, ReadOnlySpan<float> sample, Span<float> destination);

    /// <summary>Takes one step: from x_t and the prediction at it to the less noisy sample.</summary>
    /// <param name="index">The step.</param>
    /// <param name="prediction">The model's prediction at <c>Timesteps[index]</c>.</param>
    /// <param name="sample">The sample x_t (not the scaled model input).</param>
    /// <param name="destination">Receives the next sample; may be <paramref name="sample"/>.</param>
    /// <param name="noise">Where stochastic schedulers draw, one draw of the whole batch when they need it.</param>
    /// <exception cref="ArgumentException">The prediction has a length that does not fit the sample.</exception>
    void Step(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    /// <summary>The clean sample x_0 that a prediction implies, after clipping. For previews.</summary>
    /// <param name="index">The step.</param>
    /// <param name="prediction">The model's prediction at <c>Timesteps[index]</c>.</param>
    /// <param name="sample">The sample x_t.</param>
    /// <param name="destination">Receives x_0.</param>
    void PredictOriginal(int index, GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination);
}
