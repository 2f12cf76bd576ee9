using System.Numerics.Tensors;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Conditions;

/// <summary>
/// Zeros in place of what a text encoder makes of no negative prompt, as SDXL was trained without a prompt (diffusers'
/// <c>force_zeros_for_empty_prompt</c>). A negative prompt that is empty, and not null, is encoded. Comes after the text encoders.
/// </summary>
public sealed class ZeroNegativeConditions : IConditionEncoder
{
    private static readonly string[] Names = [ConditionNames.Context, ConditionNames.Pooled];

    /// <summary>Always asked.</summary>
    public IReadOnlyList<string> Provides { get; } = [];

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
    }

    /// <inheritdoc/>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request is not TextToImageRequest { NegativePrompt: null, NegativePrompts: null } request)
        {
            return;
        }

        foreach (GuidanceTerm term in context.Terms.Where(term => !term.SeesCondition && request.NegativeConditioning?[ConditionNames.Context] is null))
        {
            foreach (string name in Names)
            {
                if (context.Of(term)[name] is { } part)
                {
                    context.Add(term, part with { Values = Tensor.CreateFromShape<float>(part.Values.Lengths) });
                }
            }
        }
    }
}
