using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>What a pipeline is made of. Immutable.</summary>
internal sealed record PipelineParts
{
    /// <summary>The space of the samples where no decoder says it.</summary>
    public LatentSpace? GivenSpace { get; init; }

    /// <summary>The space of the samples.</summary>
    public LatentSpace Space => LatentDecoder?.LatentSpace ?? GivenSpace!;

    public IReadOnlyList<ITextEncoder> TextEncoders { get; init; } = [];

    /// <summary>Makes the parts that the network takes of what each text encoder gave.</summary>
    public Func<IReadOnlyList<Conditioning>, Conditioning> JoinTexts { get; init; } = AsItIs;

    /// <summary>Encoders besides the text encoders, in order.</summary>
    public IReadOnlyList<IConditionEncoder> OtherEncoders { get; init; } = [];

    /// <summary>The network; without one there are no steps.</summary>
    public INoisePredictor? NoisePredictor { get; init; }

    /// <summary>The sampler; there is one wherever there is a network.</summary>
    public IScheduler? Scheduler { get; init; }

    public ILatentEncoder? LatentEncoder { get; init; }

    /// <summary>The decoder; without one the result is the sample.</summary>
    public ILatentDecoder? LatentDecoder { get; init; }

    public IGuidance Guidance { get; init; } = new ClassifierFreeGuidance();

    public GuidanceBatching Batching { get; init; } = GuidanceBatching.OneCall;

    /// <summary>What a strength leaves of the steps.</summary>
    public StrengthRule StrengthRule { get; init; }

    /// <summary>Makes the noise of a generation from the seeds of its pictures.</summary>
    public Func<IReadOnlyList<long>, GenerationNoise> CreateNoise { get; init; } = static seeds => new GenerationNoise([.. seeds.Select(seed => new TorchCpuNoise(seed))]);

    /// <summary>All encoders, in the order in which they are asked.</summary>
    public IReadOnlyList<IConditionEncoder> Encoders =>
    [
        new ClassLabelConditions(),
        .. TextEncoders.Count > 0 ? (ReadOnlySpan<IConditionEncoder>)[new PromptConditions(TextEncoders, JoinTexts)] : [],
        .. OtherEncoders,
        .. LatentEncoder is not null && !ShowsKnownRegion ? (ReadOnlySpan<IConditionEncoder>)[new MaskedPictureDraw()] : [],
    ];

    /// <summary>Whatever may hold something that has to be released.</summary>
    public IEnumerable<object> All => ((IEnumerable<object?>)[.. TextEncoders, NoisePredictor, LatentDecoder, LatentEncoder, Guidance, Scheduler, .. OtherEncoders]).OfType<object>();

    /// <summary>Whether the network is shown what is known of a picture, so that a scheduler need not keep it.</summary>
    public bool ShowsKnownRegion => OtherEncoders.Any(encoder => encoder.ShowsKnownRegion);

    /// <summary>What one text encoder gave.</summary>
    public static Conditioning AsItIs(IReadOnlyList<Conditioning> texts) => texts[0];

    /// <summary>Refuses a request that needs a part that is not there, or that an encoder refuses.</summary>
    public void Check(GenerationRequest request)
    {
        if (request.InitialImage is not null && LatentEncoder is null)
        {
            throw InitialLatents.Missing();
        }

        if (request.Scheduler is not null && NoisePredictor is null)
        {
            throw new InvalidOperationException($"This pipeline has no noise predictor, so it takes no steps: leave {nameof(request.Scheduler)} out of the request.");
        }

        if (request is TextToImageRequest && TextEncoders.Count == 0 && OtherEncoders.Count == 0)
        {
            throw new InvalidOperationException($"This pipeline has no text encoder, so it cannot read a prompt: add one with {nameof(DiffusionPipelineBuilder.UseTextEncoder)}, or send a plain {nameof(GenerationRequest)}.");
        }

        IReadOnlyList<IConditionEncoder> encoders = Encoders;
        foreach (IRequestPart part in request.Parts)
        {
            if (part.Condition is { } name && !encoders.Any(encoder => encoder.Provides.Contains(name)))
            {
                throw new ArgumentException($"The request has {part.GetType().Name}, but nothing in this pipeline reads them: no encoder provides the condition '{name}'. Leave them out, or take a model that is guided by them.", nameof(request.Parts));
            }
        }

        foreach (IConditionEncoder encoder in encoders)
        {
            encoder.Check(request);
        }
    }
}
