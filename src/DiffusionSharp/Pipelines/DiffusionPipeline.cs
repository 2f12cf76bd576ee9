using System.Runtime.CompilerServices;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>
/// A diffusion model ready to generate: replaceable parts and one loop through them. Immutable and safe for concurrent generations;
/// the same request with the same seed gives the same picture, alone, in a batch, or beside others. Dispose it once.
/// </summary>
public sealed class DiffusionPipeline : IDisposable
{
    private readonly PipelineParts _parts;
    private readonly bool _ownsParts;

    internal DiffusionPipeline(PipelineParts parts, IScheduler scheduler, GenerationDefaults defaults, bool ownsParts)
    {
        _parts = parts;
        _ownsParts = ownsParts;
        Scheduler = scheduler;
        Defaults = defaults;
    }

    /// <summary>The scheduler.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>What is used where a request says nothing.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>The space that is diffused in.</summary>
    public LatentSpace LatentSpace => _parts.LatentDecoder.LatentSpace;

    /// <summary>
    /// What width and height of a picture must be multiples of, in pixels: the latent space's downsampling factor times what the noise predictor
    /// demands of its sample. 64 where a network halves latents of 8 pixels three times.
    /// </summary>
    public int SizeMultiple => checked(LatentSpace.DownsamplingFactor * Math.Max(1, NoisePredictor.SizeMultiple));

    /// <summary>The text encoder; null when the pipeline has none.</summary>
    public ITextEncoder? TextEncoder => _parts.TextEncoder;

    /// <summary>The noise predictor.</summary>
    public INoisePredictor NoisePredictor => _parts.NoisePredictor;

    /// <summary>The latent encoder; null when the pipeline has none.</summary>
    public ILatentEncoder? LatentEncoder => _parts.LatentEncoder;

    /// <summary>The latent decoder.</summary>
    public ILatentDecoder LatentDecoder => _parts.LatentDecoder;

    /// <summary>Begins a pipeline from parts.</summary>
    /// <returns>An empty builder.</returns>
    public static DiffusionPipelineBuilder CreateBuilder() => new();

    /// <summary>The same pipeline with another scheduler. It borrows this one's parts: disposing it does nothing, this one must outlive it.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <returns>A pipeline that shares this one's parts.</returns>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public DiffusionPipeline WithScheduler(IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _parts.ThrowIfClosed();
        return new DiffusionPipeline(_parts, scheduler, Defaults, ownsParts: false);
    }

    /// <summary>
    /// A builder with everything that this pipeline has, to replace some of it. What it builds borrows its parts, new ones too: disposing it
    /// disposes none of them, and this pipeline must outlive it.
    /// </summary>
    /// <returns>A new builder.</returns>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed.</exception>
    public DiffusionPipelineBuilder ToBuilder()
    {
        _parts.ThrowIfClosed();
        return new DiffusionPipelineBuilder(_parts, Scheduler, Defaults);
    }

    /// <summary>Generates on a thread of its own, because a generation would keep one of the pool busy for long.</summary>
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

        // Before there is a thread, so that a pipeline disposed right after this call waits for the generation, too.
        return RunOnThreadAsync(_parts.Begin(), () => Run(resolved, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Generates on the calling thread.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public GenerationResult Generate(GenerationRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ResolvedRequest resolved = Resolve(request);
        using PipelineParts.Lease lease = _parts.Begin();
        return Run(resolved, progress, cancellationToken);
    }

    /// <summary>
    /// Generates step by step on threads of the pool, handing each step out as it is done. The last one's
    /// <see cref="DenoisingStep.DecodeResult"/> is the result. A generation without steps (strength 0) hands out one of index -1, which is the
    /// last. Leaving the enumeration early stops the generation.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Stops the generation, also inside a model call.</param>
    /// <returns>The steps, each valid until the next is asked for.</returns>
    /// <inheritdoc cref="GenerateAsync"/>
    public IAsyncEnumerable<DenoisingStep> StreamAsync(GenerationRequest request, CancellationToken cancellationToken = default) =>
        Stream(Resolve(request), cancellationToken);

    /// <summary>Releases the parts, after the last running generation has ended. New generations are refused from now on.</summary>
    public void Dispose()
    {
        if (_ownsParts)
        {
            _parts.Close();
        }
    }

    private ResolvedRequest Resolve(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _parts.ThrowIfClosed();
        var resolved = ResolvedRequest.Create(request, Defaults, LatentSpace, SizeMultiple);
        if (request.InitialImage is not null)
        {
            _parts.RequireLatentEncoder();
        }

        return resolved;
    }

    private static async Task<GenerationResult> RunOnThreadAsync(PipelineParts.Lease lease, Func<GenerationResult> run, CancellationToken cancellationToken)
    {
        using (lease)
        {
            return await Task.Factory.StartNew(run, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private GenerationResult Run(ResolvedRequest request, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
    {
        using var loop = new DenoisingLoop(_parts, Scheduler, request, cancellationToken);
        while (loop.MoveNext())
        {
            if (progress is not null)
            {
                DenoisingStep step = loop.Current;
                progress.Report(new GenerationProgress(step.Index + 1, step.Count, step.Timestep));
            }
        }

        return loop.DecodeResult();
    }

    private async IAsyncEnumerable<DenoisingStep> Stream(ResolvedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PipelineParts.Lease lease = _parts.Begin();
        using DenoisingLoop loop = await Task.Run(() => new DenoisingLoop(_parts, Scheduler, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (loop.IsEmpty)
        {
            yield return loop.Current;
        }

        while (await Task.Run(loop.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return loop.Current;
        }
    }
}
