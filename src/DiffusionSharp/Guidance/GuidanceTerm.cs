using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>One prediction that a guidance combines. Term 0 is the conditional one; term 1, where there is one, is what guidance moves away from.</summary>
/// <param name="Name">What messages call it.</param>
public sealed record GuidanceTerm(string Name)
{
    /// <summary>The prediction with the request's own conditions.</summary>
    public static GuidanceTerm Conditional { get; } = new("conditional");

    /// <summary>The prediction with the negative prompt, or with <see cref="GenerationRequest.NegativeConditioning"/>.</summary>
    public static GuidanceTerm Unconditional { get; } = new("unconditional")
    {
        SeesCondition = false,
        Prompts = static request => request.NegativePrompts ?? [request.NegativePrompt ?? ""],
    };

    /// <summary>The prediction with an empty prompt, whatever the negative one is.</summary>
    public static GuidanceTerm Empty { get; } = new("empty") { SeesCondition = false, Prompts = static _ => [""] };

    /// <summary>Whether the term sees the request's conditions. True for a weaker or perturbed prediction, too; encoders ask this, not for the name.</summary>
    public bool SeesCondition { get; init; } = true;

    /// <summary>The prompts of the term, one or one for each picture; the request's own where null.</summary>
    public Func<TextToImageRequest, IReadOnlyList<string>>? Prompts { get; init; }

    /// <summary>The network that is asked; the pipeline's where null. Its owner disposes it.</summary>
    public INoisePredictor? Predictor { get; init; }

    /// <summary>Parts that differ in this term, in place of those of their names; a network takes them as other inputs.</summary>
    public IReadOnlyList<ConditionPart> Overrides { get; init; } = [];

    /// <summary>The terms of a guidance between two predictions.</summary>
    /// <param name="scales">The guidance scale of each picture.</param>
    /// <param name="schedulerNeedsUnconditional">Whether the scheduler asks for the unconditional prediction.</param>
    /// <returns>Both, or the conditional one alone where nobody needs the other.</returns>
    public static IReadOnlyList<GuidanceTerm> Pair(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return schedulerNeedsUnconditional || scales.Any(GuidancePlan.Guides) ? [Conditional, Unconditional] : [Conditional];
    }
}
