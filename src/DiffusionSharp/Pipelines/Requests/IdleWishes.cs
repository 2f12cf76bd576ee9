using DiffusionSharp.Conditions;

namespace DiffusionSharp;

/// <summary>What a request asks for to no effect, which is no error, but hardly what was meant.</summary>
internal static class IdleWishes
{
    private static readonly double UnsaidStrength = new GenerationRequest().Strength;

    /// <summary>A sentence for each.</summary>
    public static IEnumerable<string> In(ConditionContext context)
    {
        if (context.Request is TextToImageRequest text && NegativePrompts(text) is { Count: > 0 } negative && !context.Terms.Any(term => !term.SeesCondition && context.PromptsOf(term).SequenceEqual(negative)))
        {
            yield return "The negative prompt has no effect, because nothing moves away from it: guidance does, with a scale above 1.";
        }

        if (context.Request is { InitialImage: null, InitialLatents: null } && context.Request.Strength != UnsaidStrength)
        {
            yield return $"The strength of {FormattableString.Invariant($"{context.Request.Strength}")} has no effect, because there is no picture to start from.";
        }
    }

    private static IReadOnlyList<string> NegativePrompts(TextToImageRequest request) =>
        request.NegativePrompts ?? (string.IsNullOrWhiteSpace(request.NegativePrompt) ? [] : [request.NegativePrompt]);
}
