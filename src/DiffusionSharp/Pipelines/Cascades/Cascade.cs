using System.Runtime.CompilerServices;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>
/// Pipelines in sequence, as one: a base and its refiner, a prior and a decoder, a small picture and its upscalers (Ho et al. 2021,
/// arXiv:2106.15282). One progress, one cancellation, and one noise that goes on from stage to stage. Immutable; the pipelines stay their owner's,
/// unless it is said to own them (<see cref="Owning"/>).
/// </summary>
public sealed class Cascade : IDiffusionPipeline, IDisposable, IAsyncDisposable
{
    private readonly CascadeStage[] _stages;
    private readonly CascadeDefaults _defaults;
    private readonly bool _ownsPipelines;

    private Cascade(CascadeStage[] stages, CascadeDefaults defaults, bool ownsPipelines) => (_stages, _defaults, _ownsPipelines) = (stages, defaults, ownsPipelines);

    /// <summary>The pipelines, in order. One may be there more than once.</summary>
    public IReadOnlyList<DiffusionPipeline> Pipelines => [.. _stages.Select(stage => stage.Pipeline)];

    /// <summary>The pipeline whose steps, guidance and scheduler a request means: the first that draws a picture, and not an embedding.</summary>
    public DiffusionPipeline Drawing => Array.Find(_stages, stage => stage.Pipeline.LatentSpace is not VectorSpace)?.Pipeline ?? _stages[0].Pipeline;

    /// <summary>What is used where a request says nothing: what <see cref="WithDefaults"/> says, or what the first pipeline has.</summary>
    public GenerationDefaults Defaults => _defaults.Values ?? _stages[0].Pipeline.Defaults;

    /// <summary>What width and height of a request must be multiples of, in pixels: what <see cref="WithSizeMultiple"/> says, or what the first pipeline has.</summary>
    public int SizeMultiple => _defaults.SizeMultiple ?? _stages[0].Pipeline.SizeMultiple;

    /// <summary>The scheduler of <see cref="Drawing"/>.</summary>
    public IScheduler? Scheduler => Drawing.Scheduler;

    /// <summary>The text encoders of <see cref="Drawing"/>.</summary>
    public IReadOnlyList<ITextEncoder> TextEncoders => Drawing.TextEncoders;

    /// <summary>The latent encoder of the first pipeline; null where a request's size is not its own, so that no picture can start it.</summary>
    public ILatentEncoder? LatentEncoder => _defaults.SizeMultiple is null ? _stages[0].Pipeline.LatentEncoder : null;

    /// <summary>The latent decoder of the last pipeline.</summary>
    public ILatentDecoder? LatentDecoder => _stages[^1].Pipeline.LatentDecoder;

    /// <summary>Begins a cascade.</summary>
    /// <param name="first">The first pipeline.</param>
    /// <param name="request">Makes its request from the user's; it takes the user's as it is where null.</param>
    /// <returns>A cascade of one stage.</returns>
    public static Cascade Start(DiffusionPipeline first, Func<GenerationRequest, GenerationRequest>? request = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new Cascade([new CascadeStage(first, state => request is null ? state.Request : request(state.Request), null)], new CascadeDefaults(null, null), ownsPipelines: false);
    }

    /// <summary>The same cascade with one more stage.</summary>
    /// <param name="next">Its pipeline.</param>
    /// <param name="request">Makes its request from the user's and from the results of the stages before.</param>
    /// <param name="noise">Makes its noise from that of the stages before, where streams have to be joined or split; it goes on as it is where null.</param>
    /// <returns>A longer cascade; this one stays as it is.</returns>
    public Cascade Then(DiffusionPipeline next, Func<CascadeState, GenerationRequest> request, Func<GenerationNoise, GenerationNoise>? noise = null)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(request);
        return new Cascade([.. _stages, new CascadeStage(next, request, noise)], _defaults, _ownsPipelines);
    }

    /// <summary>The same cascade with defaults of its own: a request is filled in with them before the first stage sees it.</summary>
    /// <param name="defaults">The defaults.</param>
    /// <returns>A cascade of the same stages.</returns>
    public Cascade WithDefaults(GenerationDefaults defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return new Cascade(_stages, _defaults with { Values = defaults }, _ownsPipelines);
    }

    /// <summary>The same cascade for requests whose size is not that of the first stage: it has defaults of its own, and starts from no picture.</summary>
    /// <param name="sizeMultiple">What width and height of a request must be multiples of, in pixels; at least 1.</param>
    /// <returns>A cascade of the same stages.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeMultiple"/> is below 1.</exception>
    public Cascade WithSizeMultiple(int sizeMultiple)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeMultiple, 1);
        return new Cascade(_stages, _defaults with { SizeMultiple = sizeMultiple }, _ownsPipelines);
    }

    /// <summary>The same cascade with other pipelines, as with another scheduler or more threads.</summary>
    /// <param name="change">Makes a pipeline of each one, once, also where it is there more than once.</param>
    /// <returns>A cascade of as many stages; it owns what was made if this one owns its pipelines, which stay to be disposed.</returns>
    /// <remarks>Where a change throws, what was made before it is disposed.</remarks>
    public Cascade WithPipelines(Func<DiffusionPipeline, DiffusionPipeline> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var changed = new Dictionary<DiffusionPipeline, DiffusionPipeline>();
        try
        {
            foreach (DiffusionPipeline pipeline in Pipelines.Distinct())
            {
                changed[pipeline] = change(pipeline);
            }
        }
        catch
        {
            foreach (DiffusionPipeline made in changed.Values.Except(changed.Keys))
            {
                made.Dispose();
            }

            throw;
        }

        return new Cascade([.. _stages.Select(stage => stage with { Pipeline = changed[stage.Pipeline] })], _defaults, _ownsPipelines);
    }

    /// <summary>The same cascade, which disposes its pipelines when it is disposed. Others need not be.</summary>
    /// <returns>A cascade of the same stages.</returns>
    public Cascade Owning() => new(_stages, _defaults, ownsPipelines: true);

    /// <summary>Generates with one stage after another.</summary>
    /// <param name="request">The user's request, which the first stage is asked with.</param>
    /// <param name="progress">Told after each step of each stage; may be null.</param>
    /// <param name="cancellationToken">Stops the stage that runs.</param>
    /// <returns>The result of the last stage, which has those of the others in <see cref="GenerationResult.Stages"/>.</returns>
    /// <inheritdoc cref="DiffusionPipeline.GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>
    public Task<GenerationResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        GenerateAsync(Begin(request), progress, cancellationToken);

    /// <summary>Generates with one stage after another, handing each step out as it is done. The last one's <see cref="DenoisingStep.DecodeResultAsync"/> is the result.</summary>
    /// <param name="request">The user's request, which the first stage is asked with.</param>
    /// <param name="cancellationToken">Stops the stage that runs.</param>
    /// <returns>The steps, each valid until the next is asked for.</returns>
    /// <inheritdoc cref="DiffusionPipeline.StreamAsync(GenerationRequest, CancellationToken)"/>
    public IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default) =>
        Stream(Begin(request), null, null, cancellationToken);

    /// <summary>
    /// Goes on with a generation of an equal cascade that was saved by <see cref="DenoisingStep.SaveCheckpoint"/> in any of its stages. The results
    /// of the stages before are in the checkpoint, latents and pictures, and are not made again.
    /// </summary>
    /// <param name="checkpoint">The checkpoint, which is read to its end before this returns.</param>
    /// <param name="json">Knows the types of outsiders in requests; the library's own where null.</param>
    /// <param name="cancellationToken">Stops the stage that runs.</param>
    /// <returns>The remaining steps, each valid until the next is asked for; their numbers go on.</returns>
    /// <exception cref="CheckpointException">The checkpoint is torn, of a newer version, none at all, or of another cascade; the message says which.</exception>
    /// <exception cref="ObjectDisposedException">A pipeline is disposed.</exception>
    public IAsyncEnumerable<DenoisingStep> ResumeAsync(Stream checkpoint, GenerationRequestJson? json = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Checkpoint saved = Checkpoint.Read(checkpoint, json ?? GenerationRequestJson.Default);
        CascadeCheckpoint cascade = saved.Cascade
            ?? throw new CheckpointException($"The checkpoint is of a pipeline alone: {nameof(DiffusionPipeline)}.{nameof(DiffusionPipeline.ResumeAsync)} goes on with it.");
        (CascadeState state, GenerationNoise? noise) = cascade.Restore(_stages);
        return Stream(state, noise, saved, cancellationToken);
    }

    /// <summary>Lets go of the pipelines that it owns; see <see cref="DiffusionPipeline.Dispose"/>.</summary>
    public void Dispose()
    {
        foreach (DiffusionPipeline pipeline in Owned)
        {
            pipeline.Dispose();
        }
    }

    /// <summary>As <see cref="Dispose"/>, but releases parts asynchronously where they can be.</summary>
    /// <returns>Done when the parts are released, or left to those who still hold them.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (DiffusionPipeline pipeline in Owned)
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<DiffusionPipeline> Owned => _ownsPipelines ? Pipelines.Distinct() : [];

    // What is wrong with the request is known before this returns, as far as the first stage sees it.
    private CascadeState Begin(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var state = new CascadeState(_defaults.Fill(request));
        _ = _stages[0].Resolve(state);
        return state;
    }

    private async Task<GenerationResult> GenerateAsync(CascadeState state, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
    {
        using var watch = GenerationWatch.StartCascade(state.Request, cancellationToken);
        GenerationNoise? noise = null;
        for (int i = 0; i < _stages.Length; i++)
        {
            CascadeStage stage = _stages[i];
            var place = new CascadePlace(watch, i, _stages.Length);
            (ResolvedRequest resolved, noise) = watch.Note(() => stage.Begin(state, noise));
            StageProgress? part = progress is null ? null : new StageProgress(progress, i, _stages.Length);
            state = state.With(await stage.Pipeline.GenerateAsync(resolved, noise, place, part, cancellationToken).ConfigureAwait(false));
        }

        return state.Result.After([.. state.Results.SkipLast(1)]);
    }

    private async IAsyncEnumerable<DenoisingStep> Stream(CascadeState state, GenerationNoise? noise, Checkpoint? checkpoint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = GenerationWatch.StartCascade(state.Request, cancellationToken);
        for (int i = state.Results.Count; i < _stages.Length; i++, checkpoint = null)
        {
            CascadeStage stage = _stages[i];
            var place = new CascadePlace(watch, i, _stages.Length);
            (ResolvedRequest resolved, noise) = watch.Note(() => stage.Begin(state, noise, checkpoint?.Request));
            await foreach (DenoisingStep step in stage.Pipeline.StreamAsync(resolved, noise, checkpoint, place, cancellationToken).ConfigureAwait(false))
            {
                DenoisingStep placed = step with { Stage = i, StageCount = _stages.Length, Before = state };
                bool isEndOfStage = step.IsLast && !placed.IsLast;
                Task<GenerationResult>? result = isEndOfStage ? step.DecodeResultAsync() : null;
                yield return placed;
                if (result is not null)
                {
                    state = state.With(await result.ConfigureAwait(false));
                }
            }
        }
    }
}
