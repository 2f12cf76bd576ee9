using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>
/// What answers a request with pictures: a <see cref="DiffusionPipeline"/>, several in sequence (<see cref="Cascade"/>), or either behind whatever says when.
/// Safe for concurrent generations. Whoever made it disposes it.
/// </summary>
public interface IDiffusionPipeline
{
    /// <summary>What is used where a request says nothing.</summary>
    GenerationDefaults Defaults { get; }

    /// <summary>What width and height of a picture must be multiples of, in pixels.</summary>
    int SizeMultiple { get; }

    /// <summary>The scheduler that a request's takes the place of; null for a pipeline without steps.</summary>
    IScheduler? Scheduler { get; }

    /// <summary>The encoders of a request's prompt; none for models that read none.</summary>
    IReadOnlyList<ITextEncoder> TextEncoders { get; }

    /// <summary>The encoder of a picture that a request starts from; null where it cannot.</summary>
    ILatentEncoder? LatentEncoder { get; }

    /// <summary>The latent decoder; null when the result is the sample itself.</summary>
    ILatentDecoder? LatentDecoder { get; }

    /// <summary>Generates on other threads.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="ArgumentException">The request is wrong; the message names the property and what it may be.</exception>
    /// <exception cref="InvalidOperationException">The request needs a part that is not there.</exception>
    /// <exception cref="NonFiniteSampleException">The model produced NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    Task<GenerationResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Generates step by step, handing each step out as it is done. The last one's <see cref="DenoisingStep.DecodeResultAsync"/> is the result. What is wrong with the
    /// request is known at the call; work begins when the first step is asked for. Leaving the enumeration early stops the generation.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The steps, each valid until the next is asked for.</returns>
    /// <inheritdoc cref="GenerateAsync"/>
    IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Goes on with a generation that was saved by <see cref="DenoisingStep.SaveCheckpoint"/>, to the same picture to the last bit.</summary>
    /// <param name="checkpoint">The checkpoint, which is read to its end before this returns.</param>
    /// <param name="json">Knows the types of outsiders in the request; the library's own where null.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The remaining steps, each valid until the next is asked for; their numbers go on.</returns>
    /// <exception cref="CheckpointException">The checkpoint is torn, of a newer version, none at all, or of another model; the message says which.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    IAsyncEnumerable<DenoisingStep> ResumeAsync(Stream checkpoint, GenerationRequestJson? json = null, CancellationToken cancellationToken = default);
}
