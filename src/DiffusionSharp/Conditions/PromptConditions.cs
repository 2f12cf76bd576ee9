using DiffusionSharp.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.Conditions;

/// <summary>What a text encoder makes of the prompts of all terms, in one call. A context of the caller's own stands in for a prompt.</summary>
internal sealed class PromptConditions(ITextEncoder encoder) : IConditionEncoder
{
    public ITextEncoder Encoder => encoder;

    // Always asked: what the caller brought is no context for a term without the condition.
    public IReadOnlyList<string> Provides { get; } = [];

    public void Check(GenerationRequest request)
    {
    }

    public void Encode(ConditionContext context)
    {
        GuidanceTerm[] terms = [.. context.Terms.Where(term => GivenTo(term, context.Request)?[ConditionNames.Context] is null)];
        if (terms.Length == 0)
        {
            return;
        }

        string[] prompts = [.. terms.SelectMany(context.PromptsOf)];
        TextEncoding encoding = encoder.Encode(prompts, context.CancellationToken);
        foreach (ConditionPart part in encoding.Parts.Parts)
        {
            Finite.Require(part.Values, Finite.TextEncoder);
        }

        int row = 0;
        foreach (GuidanceTerm term in terms)
        {
            int rows = context.PromptsOf(term).Count;
            Add(context, term, encoding.Parts.Rows(row, rows));
            WarnOfTruncation(context, term, encoding, row, rows);
            row += rows;
        }
    }

    private static Conditioning? GivenTo(GuidanceTerm term, GenerationRequest request) => term.SeesCondition ? request.Conditioning : request.NegativeConditioning;

    // A pooled vector beside a context of the caller's own belongs to it; beside a prompt it is a condition like the others.
    private static void Add(ConditionContext context, GuidanceTerm term, Conditioning encoded)
    {
        bool isBesideOwnContext = context.Of(term)[ConditionNames.Context] is not null;
        foreach (ConditionPart part in encoded.Parts)
        {
            if (isBesideOwnContext || context.Of(term)[part.Name] is null)
            {
                context.Add(term, part);
            }
        }
    }

    private static void WarnOfTruncation(ConditionContext context, GuidanceTerm term, TextEncoding encoding, int row, int rows)
    {
        for (int i = row; i < Math.Min(row + rows, encoding.TruncatedTexts.Count); i++)
        {
            if (encoding.TruncatedTexts[i] is { } dropped)
            {
                string prompt = term.SeesCondition ? "prompt" : "negative prompt";
                context.Warn($"The {prompt}{(rows > 1 ? $" of picture {i - row}" : "")} is longer than the text encoder reads; its end was left out: \"{dropped}\".");
            }
        }
    }
}
