using DiffusionSharp.Noise;

namespace DiffusionSharp;

/// <summary>One pipeline of a cascade, and how its request and noise follow from the stages before.</summary>
internal sealed record CascadeStage(DiffusionPipeline Pipeline, Func<CascadeState, GenerationRequest> Request, Func<GenerationNoise, GenerationNoise>? ChangeNoise)
{
    /// <summary>What this stage is asked for, with a new noise for the first, afterwards with that of the stage before.</summary>
    /// <param name="state">The user's request and the results before.</param>
    /// <param name="before">The noise of the stage before; null for the first.</param>
    /// <param name="saved">What it was asked for before it was stopped; null for a stage that begins.</param>
    public (ResolvedRequest Request, GenerationNoise Noise) Begin(CascadeState state, GenerationNoise? before, GenerationRequest? saved = null)
    {
        ResolvedRequest resolved = Resolve(state, saved);
        return (resolved, Noise(before, resolved));
    }

    /// <summary>What this stage is asked for, checked.</summary>
    /// <inheritdoc cref="Begin"/>
    public ResolvedRequest Resolve(CascadeState state, GenerationRequest? saved = null) =>
        Pipeline.Resolve(saved ?? Request(state) ?? throw new InvalidOperationException("A stage of a cascade has made no request."));

    private GenerationNoise Noise(GenerationNoise? before, ResolvedRequest request)
    {
        GenerationNoise noise = before is null ? Pipeline.CreateNoise(request) : ChangeNoise?.Invoke(before) ?? before;
        return noise.Pictures.Count == request.Request.Count
            ? noise
            : throw new InvalidOperationException($"A stage of a cascade asks for {request.Request.Count} pictures, but the noise of the stages before is that of {noise.Pictures.Count}: say how its streams are joined or split.");
    }
}
