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
    /// <summary>The space of the samples.</summary>
    public required LatentSpace Space { get; init; }

    public ITextEncoder? TextEncoder { get; init; }

    /// <summary>Encoders besides the text encoder, in order.</summary>
    public IReadOnlyList<IConditionEncoder> OtherEncoders { get; init; } = [];

    /// <summary>The network; without one there are no steps.</summary>
    public INoisePredictor? NoisePredictor { get; init; }

    /// <summary>The sampler; there is one wherever there is a network.</summary>
    public IScheduler? Scheduler { get; init; }

    public ILatentEncoder? LatentEncoder { get; init; }

    /// <summary>The decoder; without one the result is the sample.</summary>
    public ILatentDecoder? LatentDecoder { get; init; }

    public required IGuidance Guidance { get; init; }

    public required GuidanceBatching Batching { get; init; }

    /// <summary>Makes the noise of a generation from the seeds of its pictures.</summary>
    public required Func<IReadOnlyList<long>, GenerationNoise> CreateNoise { get; init; }

    /// <summary>All encoders, in the order in which they are asked.</summary>
    public IReadOnlyList<IConditionEncoder> Encoders => _encoders ??=
    [
        new ClassLabelConditions(),
        .. TextEncoder is { } text ? (ReadOnlySpan<IConditionEncoder>)[new PromptConditions(text)] : [],
        .. OtherEncoders,
        .. LatentEncoder is not null && !ShowsKnownRegion ? (ReadOnlySpan<IConditionEncoder>)[new MaskedPictureDraw()] : [],
    ];

    /// <summary>Whatever may hold something that has to be released.</summary>
    public IEnumerable<object> All => ((IEnumerable<object?>)[TextEncoder, NoisePredictor, LatentDecoder, LatentEncoder, Guidance, Scheduler, .. OtherEncoders]).OfType<object>();

    /// <summary>Whether the network is shown what is known of a picture, so that a scheduler need not keep it.</summary>
    public bool ShowsKnownRegion => OtherEncoders.Any(encoder => encoder.ShowsKnownRegion);

    private IReadOnlyList<IConditionEncoder>? _encoders;

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

        if (request is TextToImageRequest && TextEncoder is null && OtherEncoders.Count == 0)
        {
            throw new InvalidOperationException($"This pipeline has no text encoder, so it cannot read a prompt: add one with {nameof(DiffusionPipelineBuilder.UseTextEncoder)}, or send a plain {nameof(GenerationRequest)}.");
        }

        foreach (IConditionEncoder encoder in Encoders)
        {
            encoder.Check(request);
        }
    }
}
