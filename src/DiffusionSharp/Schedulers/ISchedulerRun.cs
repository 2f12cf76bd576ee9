using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The model calls of one generation and the steps between them, taken in order, each exactly once; image-to-image starts at a later call.
/// Not thread-safe. All spans hold a batch <c>[B, C, H, W]</c>, row-major. No method but those of <see cref="IStateful"/> allocates.
/// Most samplers derive from <see cref="SchedulerRun"/>.
/// </summary>
public interface ISchedulerRun : IStateful
{
    /// <summary>Model calls of the whole way.</summary>
    int CallCount { get; }

    /// <summary>The number of timesteps N that the model was trained with, of which a level's timestep is one in [0, N].</summary>
    /// <exception cref="NotSupportedException">The model is asked at something else than timesteps, so that no range can be cut from them.</exception>
    int TrainingTimesteps { get; }

    /// <summary>Standard deviation of the noise that a generation starts from, which unit noise is multiplied with.</summary>
    double InitialNoiseScale { get; }

    /// <summary>The noise level that the model is asked at, usually falling from call to call.</summary>
    /// <param name="call">The model call, from 0.</param>
    /// <returns>The level.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such call.</exception>
    NoiseLevel LevelAt(int call);

    /// <summary>The step of the plan that a call belongs to; samplers of second order ask the model twice in one.</summary>
    /// <param name="call">The model call.</param>
    /// <returns>The step, from 0.</returns>
    int StepOf(int call) => call;

    /// <summary>The model call that a step of the plan begins with, so that a generation can start there.</summary>
    /// <param name="step">The step, from 0 to their number, which is the end.</param>
    /// <returns>The call, or <see cref="CallCount"/>.</returns>
    int FirstCallOf(int step) => Math.Min(step, CallCount);

    /// <summary>
    /// Noises a clean sample to the level of a call, so that a generation can start there: q(x_t | x_0). Where a step asks the model twice, the
    /// second call may give the level of the step's end; no generation starts there.
    /// </summary>
    /// <param name="call">The model call.</param>
    /// <param name="original">The clean sample x_0.</param>
    /// <param name="noise">Unit noise ε.</param>
    /// <param name="destination">Receives x_t; may be <paramref name="original"/> or <paramref name="noise"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such call.</exception>
    void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination);

    /// <summary>
    /// Makes the model's input of the sample, scaled to what the model expects: a plain copy for variance-preserving schedulers. Schedulers that
    /// add noise before they ask the model draw it here and remember the noisier sample until the step.
    /// </summary>
    /// <param name="call">The model call.</param>
    /// <param name="sample">The sample x_t.</param>
    /// <param name="input">Receives the model's input.</param>
    /// <param name="noise">Where schedulers draw that add noise before the call.</param>
    /// <exception cref="InvalidOperationException">The configuration cannot step from this timestep; the message says why.</exception>
    void PrepareInput(int call, ReadOnlySpan<float> sample, Span<float> input, INoiseSource noise);

    /// <summary>Takes one step: from x_t and the prediction at it to the less noisy sample.</summary>
    /// <param name="call">The model call.</param>
    /// <param name="prediction">The model's prediction for the input of this call.</param>
    /// <param name="sample">The sample x_t that the input was made of (not the input).</param>
    /// <param name="destination">Receives the next sample; may be <paramref name="sample"/>.</param>
    /// <param name="noise">Where stochastic schedulers draw, one draw of the whole batch when they need it.</param>
    /// <exception cref="ArgumentException">The prediction has a length that does not fit the sample.</exception>
    /// <exception cref="InvalidOperationException">The prediction has a score, or lacks the unconditional term, and the scheduler cannot do with that.</exception>
    void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise);

    /// <summary>The clean sample x_0 that a prediction implies, after clipping, for previews; a score has no part in it. Changes nothing.</summary>
    /// <param name="call">The model call.</param>
    /// <param name="prediction">The model's prediction for the input of this call.</param>
    /// <param name="sample">The sample x_t.</param>
    /// <param name="destination">Receives x_0.</param>
    void PredictOriginal(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination);
}
