using System.Runtime.CompilerServices;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>
/// Composes a <see cref="DiffusionPipeline"/>. A noise predictor with its scheduler and a decoder (or pixel space) make a diffusion model, the
/// rest is optional. Without a predictor noise goes straight into the decoder, as in a generative adversarial network; without a decoder the
/// result is the sample, whose space <see cref="UseLatentSpace"/> says.
/// </summary>
public sealed class DiffusionPipelineBuilder
{
    private const int DefaultConcurrency = 8;

    private DiffusionPipeline? _from;
    private PipelineParts _parts = new();
    private GenerationDefaults _defaults = new();
    private int? _concurrency;
    private bool _ownsParts = true;

    internal DiffusionPipelineBuilder()
    {
    }

    /// <summary>Starts from what a pipeline has.</summary>
    internal DiffusionPipelineBuilder(DiffusionPipeline from, PipelineParts parts) => (_from, _parts, _defaults) = (from, parts, from.Defaults);

    /// <summary>Sets the part that reads prompts; without one the model is unconditional or conditioned otherwise.</summary>
    /// <param name="textEncoder">The text encoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseTextEncoder(ITextEncoder textEncoder) => UseTextEncoders(PipelineParts.AsItIs, textEncoder);

    /// <summary>Sets the parts that read prompts, for models that have several. Each may have a prompt of its own (<see cref="EncoderPrompts"/>).</summary>
    /// <param name="join">Makes the parts that the network takes of what each encoder gave, in their order; all have the same rows, and so has the result.</param>
    /// <param name="textEncoders">The text encoders, at least one.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseTextEncoders(Func<IReadOnlyList<Conditioning>, Conditioning> join, params IReadOnlyList<ITextEncoder> textEncoders)
    {
        ArgumentNullException.ThrowIfNull(join);
        ArgumentNullException.ThrowIfNull(textEncoders);
        foreach (ITextEncoder textEncoder in textEncoders)
        {
            ArgumentNullException.ThrowIfNull(textEncoder);
        }

        return textEncoders.Count > 0
            ? Set(_parts with { TextEncoders = [.. textEncoders], JoinTexts = join })
            : throw new ArgumentException("There is no text encoder.", nameof(textEncoders));
    }

    /// <summary>
    /// Sets what else contributes conditions, besides the prompt and the class, in place of what was set before. They are asked in order, after
    /// the text encoder: each sees what those before it gave.
    /// </summary>
    /// <param name="encoders">The encoders.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseConditions(params IReadOnlyList<IConditionEncoder> encoders)
    {
        ArgumentNullException.ThrowIfNull(encoders);
        return encoders.Contains(null)
            ? throw new ArgumentException("A condition encoder is null.", nameof(encoders))
            : Set(_parts with { OtherEncoders = [.. encoders] });
    }

    /// <summary>Sets the network.</summary>
    /// <param name="noisePredictor">The noise predictor.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseNoisePredictor(INoisePredictor noisePredictor) => Set(_parts with { NoisePredictor = Given(noisePredictor) });

    /// <summary>Sets the sampler.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseScheduler(IScheduler scheduler) => Set(_parts with { Scheduler = Given(scheduler) });

    /// <summary>Sets the part that turns latents into pictures.</summary>
    /// <param name="latentDecoder">The latent decoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseLatentDecoder(ILatentDecoder latentDecoder) => Set(_parts with { LatentDecoder = Given(latentDecoder) });

    /// <summary>Sets the part that turns pictures into latents, for image-to-image and inpainting.</summary>
    /// <param name="latentEncoder">The latent encoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseLatentEncoder(ILatentEncoder latentEncoder) => Set(_parts with { LatentEncoder = Given(latentEncoder) });

    /// <summary>Sets the space of the samples, for a pipeline without a decoder; one with a decoder has the decoder's.</summary>
    /// <param name="latentSpace">The space, for example <see cref="LatentSpace.Vectors"/> of a prior over embeddings.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseLatentSpace(LatentSpace latentSpace) => Set(_parts with { GivenSpace = Given(latentSpace) });

    /// <summary>Diffuses pixels: the sample is the picture, there is nothing to decode or encode.</summary>
    /// <param name="channels">3 for RGB, 1 for gray.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UsePixelSpace(int channels = 3)
    {
        var identity = new PixelSpace(channels);
        return UseLatentDecoder(identity).UseLatentEncoder(identity);
    }

    /// <summary>Replaces classifier-free guidance.</summary>
    /// <param name="guidance">The guidance.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseGuidance(IGuidance guidance) => Set(_parts with { Guidance = Given(guidance) });

    /// <summary>Sets how the predictions that a guidance needs are made, which is in one call of several times the batch unless set.</summary>
    /// <param name="batching">In one call or in a call each.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batching"/> is neither.</exception>
    public DiffusionPipelineBuilder UseGuidanceBatching(GuidanceBatching batching) => Enum.IsDefined(batching)
        ? Set(_parts with { Batching = batching })
        : throw new ArgumentOutOfRangeException(nameof(batching), batching, $"Expected {GuidanceBatching.OneCall} or {GuidanceBatching.CallEach}.");

    /// <summary>Sets what the strength of image-to-image leaves of the steps, which pipelines of diffusers count differently.</summary>
    /// <param name="rule">The rule; <see cref="StrengthRule.LastSteps"/> unless set.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rule"/> is none.</exception>
    public DiffusionPipelineBuilder UseStrengthRule(StrengthRule rule) => Enum.IsDefined(rule)
        ? Set(_parts with { StrengthRule = rule })
        : throw new ArgumentOutOfRangeException(nameof(rule), rule, "There is no such rule.");

    /// <summary>Replaces the source of noise, which is <see cref="TorchCpuNoise"/> unless set. Every picture of a batch has a stream of its own.</summary>
    /// <param name="createNoise">Makes the stream of one picture from its seed.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseNoise(Func<long, INoiseSource> createNoise)
    {
        ArgumentNullException.ThrowIfNull(createNoise);
        return UseGenerationNoise(seeds => new GenerationNoise([.. seeds.Select(createNoise)]));
    }

    /// <summary>Replaces the noise of whole generations, for systems that draw for all pictures at once, or for the steps from another stream.</summary>
    /// <param name="createNoise">Makes the noise of a generation from the seeds of its pictures.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseGenerationNoise(Func<IReadOnlyList<long>, GenerationNoise> createNoise) => Set(_parts with { CreateNoise = Given(createNoise) });

    /// <summary>Sets what is used where a request says nothing.</summary>
    /// <param name="defaults">The defaults.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseDefaults(GenerationDefaults defaults)
    {
        _defaults = Given(defaults);
        return this;
    }

    /// <summary>
    /// Sets how many generations run at a time, each on a thread of its own; others wait. 8 unless set, or more where there are more processors
    /// or where more share a model call. A derived pipeline shares the threads of the one that it came from, unless this is set.
    /// </summary>
    /// <param name="generations">At least 1.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public DiffusionPipelineBuilder UseConcurrency(int generations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generations, 1);
        _concurrency = generations;
        return this;
    }

    /// <summary>Leaves the parts alone when the pipeline is disposed, for parts that several pipelines share.</summary>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder LeavePartsOpen()
    {
        _ownsParts = false;
        return this;
    }

    /// <summary>
    /// Builds the pipeline, which releases its parts when it is disposed, unless <see cref="LeavePartsOpen"/> was called or another pipeline holds
    /// them, too, as do all that are built by one builder.
    /// </summary>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">A part is missing; the message says which and how to add it.</exception>
    /// <exception cref="ArgumentException">Encoder and decoder work in different latent spaces.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline that this builder came from is disposed.</exception>
    public DiffusionPipeline Build()
    {
        RequireParts();
        IReadOnlyList<PartOwner> inherited = _from?.Hold().Owners ?? [];
        bool sharesThreads = _concurrency is null && _from is not null;
        GenerationThreads threads = sharesThreads ? _from!.Threads : NewThreads();
        var hold = new PartHold(
        [
            .. inherited,
            new PartOwner(_parts.All.Where(part => !inherited.Any(owner => owner.Has(part)))) { LeavesOpen = !_ownsParts },
            .. sharesThreads ? (ReadOnlySpan<PartOwner>)[] : [new PartOwner([threads])],
        ]);
        var pipeline = new DiffusionPipeline(_parts, hold, threads, _defaults);

        // What this builder builds next shares the parts, so it holds them, too.
        _from = _ownsParts ? pipeline : _from;
        return pipeline;
    }

    private GenerationThreads NewThreads()
    {
        int merged = _parts.NoisePredictor?.MergedRows ?? 1;
        return new GenerationThreads(_concurrency ?? Math.Max(Math.Max(DefaultConcurrency, merged), Environment.ProcessorCount));
    }

    private void RequireParts()
    {
        if (_parts.NoisePredictor is not null)
        {
            Require(_parts.Scheduler, "scheduler", $"{nameof(UseScheduler)}(...), for example with a DdimScheduler");
        }
        else if (_parts.Scheduler is not null || _parts.LatentDecoder is null)
        {
            Require(_parts.NoisePredictor, "noise predictor", $"{nameof(UseNoisePredictor)}(...)");
        }

        if (_parts.GivenSpace is null)
        {
            Require(_parts.LatentDecoder, "latent decoder", $"{nameof(UseLatentDecoder)}(...), or {nameof(UsePixelSpace)}() for a model that diffuses pixels");
        }

        if (_parts.LatentEncoder is { } encoder && encoder.LatentSpace != _parts.Space)
        {
            throw new ArgumentException($"The latent encoder works in {encoder.LatentSpace}, the latent decoder in {_parts.Space}: they must be of one autoencoder.");
        }

        if (_parts.ShowsKnownRegion)
        {
            Require(_parts.LatentEncoder, "latent encoder, which an inpainting model needs", $"{nameof(UseLatentEncoder)}(...)");
        }
    }

    private static void Require(object? part, string what, string how)
    {
        if (part is null)
        {
            throw new InvalidOperationException($"The pipeline has no {what}: add one with {how}.");
        }
    }

    private DiffusionPipelineBuilder Set(PipelineParts parts)
    {
        _parts = parts;
        return this;
    }

    private static T Given<T>(T part, [CallerArgumentExpression(nameof(part))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(part, name);
        return part;
    }
}
