using System.Runtime.CompilerServices;
using DiffusionSharp.Diagnostics;
using DiffusionSharp.Noise;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>
/// Pipelines in sequence, as one: a base and its refiner, a prior and a decoder, a small picture and its upscalers (Ho et al. 2021,
/// arXiv:2106.15282). One progress, one cancellation, and one noise that goes on from stage to stage. Immutable; the pipelines stay their owner's.
/// </summary>
public sealed class Cascade
{
    private readonly CascadeStage[] _stages;

    private Cascade(params CascadeStage[] stages) => _stages = stages;

    /// <summary>Begins a cascade.</summary>
    /// <param name="first">The first pipeline.</param>
    /// <param name="request">Makes its request from the user's; it takes the user's as it is where null.</param>
    /// <returns>A cascade of one stage.</returns>
    public static Cascade Start(DiffusionPipeline first, Func<GenerationRequest, GenerationRequest>? request = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        return new Cascade(new CascadeStage(first, state => request is null ? state.Request : request(state.Request), null));
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
        return new Cascade([.. _stages, new CascadeStage(next, request, noise)]);
    }

    /// <summary>Generates with one stage after another.</summary>
    /// <param name="request">The user's request, which the first stage is asked with.</param>
    /// <param name="progress">Told after each step of each stage; may be null.</param>
    /// <param name="cancellationToken">Stops the stage that runs.</param>
    /// <returns>The results of all stages; the last one's is what was asked for.</returns>
    /// <inheritdoc cref="DiffusionPipeline.GenerateAsync(GenerationRequest, IProgress{GenerationProgress}?, CancellationToken)"/>
    public async Task<CascadeResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var state = new CascadeState(request);
        using var watch = GenerationWatch.StartCascade(request, cancellationToken);
        GenerationNoise? noise = null;
        for (int i = 0; i < _stages.Length; i++)
        {
            CascadeStage stage = _stages[i];
            var place = new CascadePlace(watch, i, _stages.Length);
            (ResolvedRequest resolved, noise) = watch.Note(() => stage.Begin(state, noise));
            StageProgress? part = progress is null ? null : new StageProgress(progress, i, _stages.Length);
            state = state.With(await stage.Pipeline.GenerateAsync(resolved, noise, place, part, cancellationToken).ConfigureAwait(false));
        }

        return new CascadeResult(state.Results);
    }

    /// <summary>Generates with one stage after another, handing each step out as it is done. The last one's <see cref="DenoisingStep.DecodeResultAsync"/> is the result.</summary>
    /// <param name="request">The user's request, which the first stage is asked with.</param>
    /// <param name="cancellationToken">Stops the stage that runs.</param>
    /// <returns>The steps, each valid until the next is asked for.</returns>
    /// <inheritdoc cref="DiffusionPipeline.StreamAsync(GenerationRequest, CancellationToken)"/>
    public IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default) =>
        Stream(new CascadeState(request), null, null, cancellationToken);

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
