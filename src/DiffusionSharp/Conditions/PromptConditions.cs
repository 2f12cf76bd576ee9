using DiffusionSharp.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.Conditions;

/// <summary>
/// What text encoders make of the prompts of all terms, in one call each. A context of the caller's own stands in for a prompt.
/// </summary>
/// <param name="encoders">The encoders, at least one.</param>
/// <param name="join">Makes the parts that the network takes of what each encoder gave, row by row.</param>
internal sealed class PromptConditions(IReadOnlyList<ITextEncoder> encoders, Func<IReadOnlyList<Conditioning>, Conditioning> join) : IConditionEncoder
{
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

        if (context.Request.Part<EncoderPrompts>() is { } own && own.Encoders > encoders.Count)
        {
            context.Warn($"The request has a prompt for text encoder {own.Encoders}, but the model has {encoders.Count}: it has no effect.");
        }

        int[] rows = Array.ConvertAll(terms, term => RowsOf(context, term));
        TextEncoding[] encodings = [.. encoders.Select((encoder, index) => Encode(context, encoder, Prompts(context, terms, rows, index)))];
        Conditioning joined = join(Array.ConvertAll(encodings, encoding => encoding.Parts));
        int row = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            Add(context, terms[i], joined.Rows(row, rows[i]));
            WarnOfTruncation(context, terms[i], encodings, row, rows[i]);
            row += rows[i];
        }
    }

    private static Conditioning? GivenTo(GuidanceTerm term, GenerationRequest request) => term.SeesCondition ? request.Conditioning : request.NegativeConditioning;

    private static TextEncoding Encode(ConditionContext context, ITextEncoder encoder, string[] prompts)
    {
        var plan = new TextEncodingPlan { Steps = context.Steps, Options = context.Request.Part<TextEncodingOptions>() ?? TextEncodingOptions.Default };
        TextEncoding encoding = encoder.Encode(prompts, plan, context.CancellationToken);
        foreach (ConditionPart part in encoding.Parts.Parts)
        {
            Finite.Require(part.Values, Finite.TextEncoder);
        }

        return encoding;
    }

    private int RowsOf(ConditionContext context, GuidanceTerm term) => Enumerable.Range(0, encoders.Count).Max(index => context.PromptsOf(term, index).Count);

    // Terms one behind another, each with as many prompts for this encoder as for the others.
    private static string[] Prompts(ConditionContext context, GuidanceTerm[] terms, int[] rows, int encoder) =>
        [.. terms.SelectMany((term, i) => context.PromptsOf(term, encoder) is { Count: 1 } one ? Enumerable.Repeat(one[0], rows[i]) : context.PromptsOf(term, encoder))];

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

    // An encoder that reads more than another may have lost nothing, but what any of them leaves out is said.
    private static void WarnOfTruncation(ConditionContext context, GuidanceTerm term, TextEncoding[] encodings, int row, int rows)
    {
        for (int i = row; i < row + rows; i++)
        {
            foreach (string dropped in encodings.Where(encoding => i < encoding.TruncatedTexts.Count).Select(encoding => encoding.TruncatedTexts[i]).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                string prompt = term.SeesCondition ? "prompt" : "negative prompt";
                context.Warn($"The {prompt}{(rows > 1 ? $" of picture {i - row}" : "")} is longer than {(encodings.Length > 1 ? "a" : "the")} text encoder reads; its end was left out: \"{dropped}\".");
            }
        }
    }
}
