using System.Runtime.CompilerServices;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Noise;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>
/// Pipelines in sequence, as one: a base and its refiner, a prior and a decoder, a small picture and its upscalers (Ho et al. 2021,
/// arXiv:2106.15282). One progress, one cancellation, and one noise that goes on from stage to stage. Immutable; the pipelines stay their owner's,
/// unless it is said to own them (<see cref="Owning"/>).
/// </summary>
public sealed class Cascade : IDisposable, IAsyncDisposable
{
    private readonly CascadeStage[] _stages;
    private readonly CascadeDefaults? _defaults;
    private readonly bool _ownsPipelines;

    private Cascade(CascadeStage[] stages, CascadeDefaults? defaults = null, bool ownsPipelines = false) => (_stages, _defaults, _ownsPipelines) = (stages, defaults, ownsPipelines);

    /// <summary>The pipelines, in order. One may be there more than once.</summary>
    public IReadOnlyList<DiffusionPipeline> Pipelines => [.. _stages.Select(stage => stage.Pipeline)];

    /// <summary>What is used where a request says nothing: what <see cref="WithDefaults"/> says, or what the first pipeline has.</summary>
    public GenerationDefaults Defaults => _defaults?.Values ?? _stages[0].Pipeline.Defaults;

    /// <summary>What width and height of a request must be multiples of, in pixels.</summary>
    public int SizeMultiple => _defaults?.SizeMultiple ?? _stages[0].Pipeline.SizeMultiple;

    /// <summary>Begins a cascade.</summary>
    /// <param name="first">The first pipeline.</param>
    /// <param name="request">Makes its request from the user's; it takes the user's as it is where null.</param>
    /// <returns>A cascade of one stage.</returns>
    public static Cascade Start(DiffusionPipeline first, Func<GenerationRequest, GenerationRequest>? request = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new Cascade([new CascadeStage(first, state => request is null ? state.Request : request(state.Request), null)]);
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

    /// <summary>
    /// The same cascade with defaults of its own, where the size of a request is not the first stage's or its steps are not: a request is filled in
    /// with them before the first stage sees it.
    /// </summary>
    /// <param name="defaults">The defaults.</param>
    /// <param name="sizeMultiple">What width and height of a request must be multiples of, in pixels; at least 1.</param>
    /// <returns>A cascade of the same stages.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeMultiple"/> is below 1.</exception>
    public Cascade WithDefaults(GenerationDefaults defaults, int sizeMultiple)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeMultiple, 1);
        return new Cascade(_stages, new CascadeDefaults(defaults, sizeMultiple), _ownsPipelines);
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

    private IEnumerable<DiffusionPipeline> Owned => _ownsPipelines ? Pipelines : [];

    // What is wrong with the request is known before this returns, as far as the first stage sees it.
    private CascadeState Begin(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var state = new CascadeState(_defaults?.Fill(request) ?? request);
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
