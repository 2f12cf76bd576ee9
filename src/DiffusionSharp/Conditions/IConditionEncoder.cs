namespace DiffusionSharp.Conditions;

/// <summary>
/// Whoever contributes conditions: a prompt, a class, a size, a control picture, a mask, a small picture, an embedding (τ_θ of Rombach et al.
/// 2022, arXiv:2112.10752, section 3.3). Immutable and safe for concurrent generations.
/// </summary>
public interface IConditionEncoder
{
    /// <summary>The names of the parts that it gives: where a request brings them all itself, the encoder is not asked. Empty for one that is always asked.</summary>
    IReadOnlyList<string> Provides { get; }

    /// <summary>
    /// Whether it draws its noise before the initial noise of the generation is drawn, and not after it: the order of draws is part of the
    /// result. False for encoders that draw nothing.
    /// </summary>
    bool DrawsBeforeInitialNoise => false;

    /// <summary>Whether the network is shown what is known of a picture and draws it, too, so that nothing else has to keep it. False for most.</summary>
    bool ShowsKnownRegion => false;

    /// <summary>Refuses a bad request: cheap, and called before any work starts.</summary>
    /// <param name="request">The request, with every default filled in.</param>
    /// <exception cref="ArgumentException">The request lacks something, or something in it is wrong; the message names it.</exception>
    void Check(GenerationRequest request);

    /// <summary>Adds parts to the terms of a generation.</summary>
    /// <param name="context">The request, what earlier encoders gave, and where to add.</param>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    void Encode(ConditionContext context);
}
