using System.Runtime.CompilerServices;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>
/// A diffusion model ready to generate: replaceable parts and one loop through them. Immutable and safe for concurrent generations;
/// the same request with the same seed gives the same picture, alone, in a batch, or beside others.
/// </summary>
/// <remarks>
/// Dispose it once. Pipelines that were derived from it (<see cref="WithScheduler"/>, <see cref="ToBuilder"/>) hold its parts, too: they are
/// released when the last of them is disposed and the last running generation has ended. What a part throws when a generation releases it replaces
/// neither the generation's result nor its error: it is an event of the current <see cref="System.Diagnostics.Activity"/>.
/// </remarks>
public sealed class DiffusionPipeline : IDiffusionPipeline, IDisposable, IAsyncDisposable
{
    private readonly PipelineParts _parts;
    private readonly PartHold _hold;

    internal DiffusionPipeline(PipelineParts parts, PartHold hold, GenerationThreads threads, GenerationDefaults defaults)
    {
        (_parts, _hold, Threads, Defaults) = (parts, hold, threads, defaults);
    }

    /// <summary>The scheduler; null for a pipeline without steps.</summary>
    public IScheduler? Scheduler => _parts.Scheduler;

    /// <summary>What is used where a request says nothing.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>The space that is diffused in.</summary>
    public LatentSpace LatentSpace => _parts.Space;

    /// <summary>
    /// What width and height of a picture must be multiples of, in pixels: the latent space's downsampling factor times what the noise predictor
    /// demands of its sample. 64 where a network halves latents of 8 pixels three times.
    /// </summary>
    public int SizeMultiple => LatentSpace.SizeMultiple < LatentSpace.DownsamplingFactor
        ? LatentSpace.SizeMultiple // the space rounds to what fits
        : checked(LatentSpace.SizeMultiple * Math.Max(1, NoisePredictor?.SizeMultiple ?? 1));

    /// <summary>The text encoders; none, one, or those of a model that has several, as SDXL.</summary>
    public IReadOnlyList<ITextEncoder> TextEncoders => _parts.TextEncoders;

    /// <summary>What else contributes conditions, in the order in which they are asked.</summary>
    public IReadOnlyList<IConditionEncoder> Conditions => _parts.OtherEncoders;

    /// <summary>The noise predictor; null for a pipeline without steps.</summary>
    public INoisePredictor? NoisePredictor => _parts.NoisePredictor;

    /// <summary>The latent encoder; null when the pipeline has none.</summary>
    public ILatentEncoder? LatentEncoder => _parts.LatentEncoder;

    /// <summary>The latent decoder; null when the result is the sample itself.</summary>
    public ILatentDecoder? LatentDecoder => _parts.LatentDecoder;

    internal GenerationThreads Threads { get; }

    /// <summary>Begins a pipeline from parts.</summary>
    /// <returns>An empty builder.</returns>
    public static DiffusionPipelineBuilder CreateBuilder() => new();

    /// <summary>The same pipeline with another scheduler. Both hold the parts, so that either may be disposed first.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <returns>A pipeline that shares this one's parts; dispose it, too.</returns>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public DiffusionPipeline WithScheduler(IScheduler scheduler) => ToBuilder().UseScheduler(scheduler).Build();

    /// <summary>A builder with everything that this pipeline has, to replace some of it. What it builds holds this one's parts, and owns those that are new.</summary>
    /// <returns>A new builder.</returns>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public DiffusionPipelineBuilder ToBuilder()
    {
        ThrowIfDisposed();
        return new DiffusionPipelineBuilder(this, _parts);
    }

    /// <summary>
    /// Generates on one of the pipeline's own threads, because a generation would keep one of the pool busy for long. When all are busy
    /// (<see cref="DiffusionPipelineBuilder.UseConcurrency"/>) it waits for its turn.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="ArgumentException">The request is wrong; the message names the property and what it may be.</exception>
    /// <exception cref="InvalidOperationException">The request needs a part that the pipeline lacks.</exception>
    /// <exception cref="NonFiniteSampleException">The model produced NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public Task<GenerationResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ResolvedRequest resolved = Resolve(request);
        return GenerateAsync(resolved, CreateNoise(resolved), null, progress, cancellationToken);
    }

    /// <summary>Generates on the calling thread.</summary>
    /// <inheritdoc cref="GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>
    public GenerationResult Generate(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ResolvedRequest resolved = Resolve(request);
        using PartHold hold = Hold();
        using var watch = GenerationWatch.Start(resolved, null, cancellationToken);
        return watch.Note(() => Run(resolved, CreateNoise(resolved), watch, progress, cancellationToken));
    }

    /// <summary>
    /// Generates step by step on the pipeline's own threads, handing each step out as it is done. The last one's
    /// <see cref="DenoisingStep.DecodeResultAsync"/> is the result. A generation without steps (strength 0) hands out one of index -1, which is
    /// the last. Leaving the enumeration early stops the generation.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The steps, each valid until the next is asked for.</returns>
    /// <inheritdoc cref="GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>
    public IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ResolvedRequest resolved = Resolve(request);
        return Stream(resolved, () => CreateNoise(resolved), null, null, cancellationToken);
    }

    /// <summary>
    /// Goes on with a generation that was saved by <see cref="DenoisingStep.SaveCheckpoint"/>, on a pipeline of the same parts. Prompts and
    /// pictures are encoded again, what drew noise is not; the steps that follow are those of the generation that was stopped, to the last bit.
    /// </summary>
    /// <param name="checkpoint">The checkpoint, which is read to its end before this returns.</param>
    /// <param name="json">Knows the types of outsiders in the request; the library's own where null.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The remaining steps, each valid until the next is asked for; their numbers go on.</returns>
    /// <exception cref="CheckpointException">The checkpoint is torn, of a newer version, none at all, or of another pipeline; the message says which.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public IAsyncEnumerable<DenoisingStep> ResumeAsync(Stream checkpoint, GenerationRequestJson? json = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ThrowIfDisposed();
        Checkpoint saved = Checkpoint.Read(checkpoint, json ?? GenerationRequestJson.Default);
        if (saved.Cascade is not null)
        {
            throw new CheckpointException($"The checkpoint is of a stage of a cascade: {nameof(Cascade)}.{nameof(Cascade.ResumeAsync)} goes on with it.");
        }

        ResolvedRequest resolved = Resolve(saved.Request);
        return Stream(resolved, () => CreateNoise(resolved), saved, null, cancellationToken);
    }

    /// <summary>Lets go of the parts: they are released after the last running generation has ended, unless other pipelines hold them. New generations are refused from now on.</summary>
    public void Dispose() => _hold.Dispose();

    /// <summary>As <see cref="Dispose"/>, but releases parts asynchronously where they can be.</summary>
    /// <returns>Done when the parts are released, or left to those who still hold them.</returns>
    public ValueTask DisposeAsync() => _hold.DisposeAsync();

    internal ResolvedRequest Resolve(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfDisposed();
        var resolved = ResolvedRequest.Create(request, Defaults, LatentSpace, SizeMultiple, Scheduler);
        _parts.Check(resolved.Request);
        return resolved;
    }

    internal GenerationNoise CreateNoise(ResolvedRequest request) => request.Request.Part<StepNoise>() is { } steps
        ? new GenerationNoise(_parts.CreateNoise(request.Seeds).Pictures, steps.Of(_parts.CreateNoise([steps.Seed]).Pictures[0]))
        : _parts.CreateNoise(request.Seeds);

    // The hold comes before there is a thread, so that a pipeline disposed right after the call waits for the generation, too.
    internal Task<GenerationResult> GenerateAsync(ResolvedRequest request, GenerationNoise noise, CascadePlace? place, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken) =>
        GenerateAsync(Hold(), request, noise, place, progress, cancellationToken);

    internal IAsyncEnumerable<DenoisingStep> StreamAsync(ResolvedRequest request, GenerationNoise noise, Checkpoint? checkpoint, CascadePlace? place, CancellationToken cancellationToken) =>
        Stream(request, () => noise, checkpoint, place, cancellationToken);

    /// <summary>A hold on the parts, beside that of the pipeline.</summary>
    internal PartHold Hold()
    {
        ThrowIfDisposed();
        return HoldOn();
    }

    /// <summary>A hold for a generation that is under way, which may outlive the pipeline's own.</summary>
    internal PartHold HoldOn() => _hold.TryBeside() ?? throw new ObjectDisposedException(nameof(DiffusionPipeline));

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_hold.IsReleased, typeof(DiffusionPipeline));

    private async Task<GenerationResult> GenerateAsync(PartHold hold, ResolvedRequest request, GenerationNoise noise, CascadePlace? place, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
    {
        using var watch = GenerationWatch.Start(request, place, cancellationToken);
        await using (hold.ConfigureAwait(false))
        {
            return await Threads.RunAsync(() => watch.Note(() => Run(request, noise, watch, progress, cancellationToken)), cancellationToken).ConfigureAwait(false);
        }
    }

    private GenerationResult Run(ResolvedRequest request, GenerationNoise noise, GenerationWatch watch, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
    {
        using DenoisingLoop loop = watch.Encode(() => new DenoisingLoop(_parts, request, noise, watch, cancellationToken));
        using WatchedSteps steps = watch.Steps(loop);
        while (steps.MoveNext())
        {
            if (progress is not null)
            {
                DenoisingStep step = new(loop, this);
                progress.Report(new GenerationProgress(step.Index + 1, step.Count, step.Timestep));
            }
        }

        return loop.Decoding.Result(loop.CopyLatents(), loop.Timings);
    }

    private async IAsyncEnumerable<DenoisingStep> Stream(ResolvedRequest request, Func<GenerationNoise> noise, Checkpoint? checkpoint, CascadePlace? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PartHold hold = Hold();
        using var watch = GenerationWatch.Start(request, place, cancellationToken);
        await using (hold.ConfigureAwait(false))
        {
            Func<DenoisingLoop> start = () => watch.Encode(() => new DenoisingLoop(_parts, request, noise(), watch, cancellationToken, checkpoint));
            using DenoisingLoop loop = await Threads.RunAsync(start, cancellationToken).ConfigureAwait(false);
            using WatchedSteps steps = watch.Steps(loop);
            if (loop.IsAtEnd)
            {
                yield return new DenoisingStep(loop, this);
            }

            while (await Threads.RunAsync(steps.MoveNext, cancellationToken).ConfigureAwait(false))
            {
                yield return new DenoisingStep(loop, this);
            }
        }
    }
}
