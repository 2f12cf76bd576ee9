using System.Text.RegularExpressions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.Conditions;

/// <summary>
/// What text encoders make of the prompts of all terms, in one call each. A context of the caller's own stands in for a prompt.
/// </summary>
/// <param name="encoders">The encoders, at least one.</param>
/// <param name="join">Makes the parts that the network takes of what each encoder gave, row by row.</param>
internal sealed partial class PromptConditions(IReadOnlyList<ITextEncoder> encoders, Func<IReadOnlyList<Conditioning>, Conditioning> join) : IConditionEncoder
{
    // Always asked: what the caller brought is no context for a term without the condition.
    public IReadOnlyList<string> Provides { get; } = [];

    public void Check(GenerationRequest request)
    {
        for (int i = 0; i < encoders.Count; i++)
        {
            if (encoders[i].Syntax is { } syntax)
            {
                PromptsOf(request, i).ForEach(syntax.Check);
            }
        }
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
        TextEncoding[] encodings = EncodeEquallyLong(context, [.. encoders.Select((_, index) => Prompts(context, terms, rows, index))]);
        Conditioning joined = join(Array.ConvertAll(encodings, encoding => encoding.Parts));
        int row = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            Add(context, terms[i], Course(encodings, joined, row, rows[i]));
            WarnOfTruncation(context, terms[i], encodings, row, rows[i]);
            row += rows[i];
        }

        WarnOfSyntax(context);
    }

    private static Conditioning? GivenTo(GuidanceTerm term, GenerationRequest request) => term.SeesCondition ? request.Conditioning : request.NegativeConditioning;

    // What encoders that read in chunks give may stand side by side, so that all are as long as the longest.
    private TextEncoding[] EncodeEquallyLong(ConditionContext context, string[][] prompts)
    {
        TextEncoding[] encodings = [.. encoders.Select((encoder, index) => Encode(context, encoder, prompts[index], 0))];
        int[] lengths = [.. encodings.Select((encoding, index) => encoders[index].Syntax is null ? 0 : (int)(encoding.Parts[ConditionNames.Context]?.Values.Lengths[1] ?? 0))];
        int longest = lengths.Max();
        for (int i = 0; i < lengths.Length; i++)
        {
            encodings[i] = lengths[i] > 0 && lengths[i] < longest ? Encode(context, encoders[i], prompts[i], longest) : encodings[i];
        }

        return encodings;
    }

    private static TextEncoding Encode(ConditionContext context, ITextEncoder encoder, string[] prompts, int leastTokens)
    {
        var plan = new TextEncodingPlan { Steps = context.Steps, Options = context.Request.Part<TextEncodingOptions>() ?? TextEncodingOptions.Default, LeastTokens = leastTokens };
        TextEncoding encoding = encoder.Encode(prompts, plan, context.CancellationToken);
        foreach (ConditionPart part in encoding.Changes.Select(change => change.Parts).Prepend(encoding.Parts).SelectMany(parts => parts.Parts))
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
    private static void Add(ConditionContext context, GuidanceTerm term, IEnumerable<(int FromStep, Conditioning Parts)> course)
    {
        Conditioning given = context.Of(term);
        foreach ((int fromStep, Conditioning parts) in course)
        {
            foreach (ConditionPart part in parts.Parts)
            {
                if (given[ConditionNames.Context] is not null || given[part.Name] is null)
                {
                    context.Add(term, part, context.FirstCallOf(fromStep));
                }
            }
        }
    }

    // What some rows are from which step on: the network takes all of them where the prompt of one changes.
    private IEnumerable<(int FromStep, Conditioning Parts)> Course(TextEncoding[] encodings, Conditioning joined, int row, int rows)
    {
        yield return (0, joined.Rows(row, rows));
        Conditioning[][] texts = Array.ConvertAll(encodings, encoding => Enumerable.Range(row, rows).Select(i => encoding.Parts.Rows(i, 1)).ToArray());
        TextChange[][] changes = Array.ConvertAll(encodings, encoding => encoding.Changes.Where(change => change.Prompt >= row && change.Prompt < row + rows).ToArray());
        foreach (int step in changes.SelectMany(all => all).Select(change => change.FromStep).Distinct().Order())
        {
            for (int i = 0; i < encodings.Length; i++)
            {
                foreach (TextChange change in changes[i].Where(change => change.FromStep == step))
                {
                    texts[i][change.Prompt - row] = change.Parts;
                }
            }

            yield return (step, Conditioning.Stack([.. Enumerable.Range(0, rows).Select(i => join(Array.ConvertAll(texts, all => all[i])))]));
        }
    }

    private static List<string> PromptsOf(GenerationRequest request, int encoder)
    {
        if (request is not TextToImageRequest text)
        {
            return [];
        }

        text = request.Part<EncoderPrompts>()?.For(text, encoder) ?? text;
        return [.. text.Prompts ?? [text.Prompt], .. text.NegativePrompts ?? [text.NegativePrompt ?? ""]];
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

    private void WarnOfSyntax(ConditionContext context)
    {
        if (encoders.All(encoder => encoder.Syntax is null) && PromptsOf(context.Request, 0).Select(prompt => Weight().Match(prompt)).FirstOrDefault(match => match.Success) is { } weight)
        {
            context.Warn($"The prompt has \"{weight.Value}\", which looks like a weight and is read as text, because no prompt syntax is set: set one with the option {nameof(PromptSyntax)} of the loader, or put a {nameof(PromptSyntaxEncoder)} around the text encoder.");
        }
    }

    [GeneratedRegex(@"\([^():]*:\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Weight();
}
