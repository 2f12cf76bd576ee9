using System.Runtime.CompilerServices;
using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using DiffusionSharp.Text;

namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>A pipeline each of whose generations waits for its turn.</summary>
/// <param name="pipelines">Gives out the turns.</param>
/// <param name="model">Its name there.</param>
/// <param name="pipeline">The pipeline itself.</param>
internal sealed class TurnTakingPipeline(IDiffusionPipelineProvider pipelines, string model, IDiffusionPipeline pipeline) : IDiffusionPipeline
{
    public GenerationDefaults Defaults => pipeline.Defaults;

    public int SizeMultiple => pipeline.SizeMultiple;

    public IScheduler? Scheduler => pipeline.Scheduler;

    public IReadOnlyList<ITextEncoder> TextEncoders => pipeline.TextEncoders;

    public ILatentEncoder? LatentEncoder => pipeline.LatentEncoder;

    public ILatentDecoder? LatentDecoder => pipeline.LatentDecoder;

    public Task<GenerationResult> GenerateAsync(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        pipelines.GenerateAsync(model, request, progress, cancellationToken: cancellationToken);

    public IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default) =>
        InTurn(pipeline.StreamAsync(request, CancellationToken.None), cancellationToken);

    public IAsyncEnumerable<DenoisingStep> ResumeAsync(Stream checkpoint, GenerationRequestJson? json = null, CancellationToken cancellationToken = default) =>
        InTurn(pipeline.ResumeAsync(checkpoint, json, CancellationToken.None), cancellationToken);

    // What is wrong with the request is known by now; the steps begin when its turn has come.
    private async IAsyncEnumerable<DenoisingStep> InTurn(IAsyncEnumerable<DenoisingStep> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using GenerationSlot slot = await pipelines.EnterAsync(model, cancellationToken).ConfigureAwait(false);
        await foreach (DenoisingStep step in steps.WithCancellation(slot.CancellationToken).ConfigureAwait(false))
        {
            yield return step;
        }
    }
}
