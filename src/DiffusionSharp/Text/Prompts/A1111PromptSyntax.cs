using System.Text;

namespace DiffusionSharp.Text;

/// <summary>
/// Prompts as stable-diffusion-webui reads them. <c>(word)</c>, <c>((word))</c>, <c>(word:1.3)</c> and <c>[word]</c> weigh the vectors of words, and the
/// mean of a chunk stays; <c>\(</c> is a bracket; <c>BREAK</c> ends a chunk, and so do 75 tokens; <c>[from:to:when]</c> and <c>[a|b]</c> change the text
/// on the way.
/// </summary>
/// <remarks>
/// Weights nest, and brackets that are not closed reach to the end. The number of a schedule is a step where it is whole, and a part of the way
/// where it has a point. What is neither emphasis nor schedule is text, so that hardly any prompt is refused. Its <c>AND</c> is
/// no matter of embeddings, and text here: <see cref="Guidance.ConjunctionGuidance"/> splits prompts at it.
/// </remarks>
public sealed record A1111PromptSyntax : IPromptSyntax
{
    /// <summary>What weights do. Default: <see cref="A1111Emphasis.Original"/>.</summary>
    public A1111Emphasis Emphasis { get; init; }

    /// <summary>Where a chunk is full, it ends at its last comma instead, if that is at most so many tokens back; 0 cuts where it is full. Default: 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CommaBacktrack
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 20;

    /// <summary>
    /// Steps of a pass before this one, for the second pass of a picture that is drawn small and then large: whole numbers of schedules count on from
    /// them, and parts of the way from 1. Null, the default, for the first pass.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? EarlierSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0);
            field = value;
        }
    }

    /// <summary>
    /// Whether prompts of one generation are made equally long by chunks of an empty prompt, its option to pad prompt and negative prompt, or by
    /// repeating the last vector of the shorter ones. False by default.
    /// </summary>
    public bool PadsWithEmptyChunks { get; init; }

    /// <summary>Whether numbers of schedules are read by the older rule: below 1 a part of the way, else a step of this pass. False by default.</summary>
    public bool ReadsOldSchedules { get; init; }

    /// <summary>The texts of a prompt, schedules resolved.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="steps">Steps of the generation, at least 1.</param>
    /// <returns>The first step of each, from 0, and its text; weights are still in it.</returns>
    /// <exception cref="PromptSyntaxException">Brackets are nested too deeply.</exception>
    public IReadOnlyList<(int FromStep, string Text)> Texts(string prompt, int steps)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ScheduledText parsed = ScheduleParser.Parse(prompt);
        var times = new ScheduleTimes(steps, EarlierSteps, ReadsOldSchedules);
        var ends = new SortedSet<int> { steps };
        parsed.CollectEnds(times, ends);
        var texts = new List<(int, string)>();
        int from = 0;
        foreach (int end in ends)
        {
            var text = new StringBuilder();
            parsed.Append(text, prompt, end, times);
            texts.Add((from, text.ToString()));
            from = end;
        }

        return texts;
    }

    /// <summary>The parts of a prompt with <c>AND</c> between them, and the weight that may stand behind a colon at the end of each, for <see cref="Guidance.ConjunctionGuidance"/>.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>At least one part.</returns>
    /// <exception cref="PromptSyntaxException">A weight is not a finite number.</exception>
    public static IReadOnlyList<WeightedText> Conjunction(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return PromptConjunction.Parse(prompt);
    }

    /// <summary>The pieces of a text and their weights; <c>BREAK</c> of weight -1 ends a chunk.</summary>
    /// <param name="text">A text without schedules.</param>
    /// <returns>The pieces; neighbours have different weights.</returns>
    /// <exception cref="PromptSyntaxException">A weight is no number or infinite, or brackets are nested too deeply.</exception>
    public IReadOnlyList<WeightedText> Weights(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Emphasis == A1111Emphasis.None ? [new WeightedText(text, 1)] : EmphasisParser.Parse(text, breaks: true, allowsSpaces: true);
    }

    /// <inheritdoc/>
    public void Check(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        _ = Weights(prompt);
        _ = ScheduleParser.Parse(prompt);
    }

    /// <inheritdoc/>
    public PromptSchedule Read(string prompt, ClipTokenizer tokenizer, int steps, bool takesMask)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var chunker = new A1111Chunker(tokenizer, CommaBacktrack);
        var chunks = new Dictionary<string, IReadOnlyList<PromptChunk>>(StringComparer.Ordinal);
        var entries = new List<PromptEntry>();
        foreach ((int fromStep, string text) in Texts(prompt, steps))
        {
            if (!chunks.TryGetValue(text, out IReadOnlyList<PromptChunk>? read))
            {
                read = chunker.Cut(Weights(text), weighs: Emphasis is A1111Emphasis.Original or A1111Emphasis.NoNorm);
                chunks.Add(text, read);
            }

            entries.Add(new PromptEntry(fromStep, read));
        }

        return new PromptSchedule(entries, chunker.Empty)
        {
            Mean = Emphasis == A1111Emphasis.Original ? PromptMean.OfChunk : PromptMean.Free,
            RepeatsLastVector = !PadsWithEmptyChunks,
        };
    }
}
