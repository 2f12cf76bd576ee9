using System.Text;

namespace DiffusionSharp.Text;

/// <summary>A prompt whose text depends on the step: literal text, <c>[from:to:when]</c> and <c>[a|b]</c>.</summary>
internal abstract record ScheduledText
{
    /// <summary>Steps at which the text may be another than before, each the last one (from 1) of what was.</summary>
    public abstract void CollectEnds(in ScheduleTimes times, ISet<int> ends);

    /// <summary>Appends the text at a step, from 1.</summary>
    public abstract void Append(StringBuilder text, string prompt, int step, in ScheduleTimes times);

    /// <summary>Characters of the prompt as they are.</summary>
    public sealed record Literal(int Start, int End) : ScheduledText
    {
        public override void CollectEnds(in ScheduleTimes times, ISet<int> ends)
        {
        }

        public override void Append(StringBuilder text, string prompt, int step, in ScheduleTimes times) => text.Append(prompt, Start, End - Start);
    }

    /// <summary>Texts one behind another.</summary>
    public sealed record Sequence(List<ScheduledText> Parts) : ScheduledText
    {
        public override void CollectEnds(in ScheduleTimes times, ISet<int> ends)
        {
            foreach (ScheduledText part in Parts)
            {
                part.CollectEnds(times, ends);
            }
        }

        public override void Append(StringBuilder text, string prompt, int step, in ScheduleTimes times)
        {
            foreach (ScheduledText part in Parts)
            {
                part.Append(text, prompt, step, times);
            }
        }

        /// <summary>Adds characters, as one literal with those before them.</summary>
        public void AddLiteral(int start, int end)
        {
            if (Parts.Count > 0 && Parts[^1] is Literal last && last.End == start)
            {
                Parts[^1] = new Literal(last.Start, end);
            }
            else if (end > start)
            {
                Parts.Add(new Literal(start, end));
            }
        }
    }

    /// <summary>One text up to a step, another behind it.</summary>
    public sealed record Switch(Sequence? Before, Sequence After, string When) : ScheduledText
    {
        public override void CollectEnds(in ScheduleTimes times, ISet<int> ends)
        {
            int end = times.StepOf(When);
            if (end >= 1)
            {
                ends.Add(end);
            }

            Before?.CollectEnds(times, ends);
            After.CollectEnds(times, ends);
        }

        public override void Append(StringBuilder text, string prompt, int step, in ScheduleTimes times) =>
            (step <= times.StepOf(When) ? Before : After)?.Append(text, prompt, step, times);
    }

    /// <summary>Another text in each step, in turn.</summary>
    public sealed record Alternate(IReadOnlyList<Sequence> Texts) : ScheduledText
    {
        public override void CollectEnds(in ScheduleTimes times, ISet<int> ends)
        {
            for (int step = 1; step <= times.Steps; step++)
            {
                ends.Add(step);
            }

            foreach (Sequence text in Texts)
            {
                text.CollectEnds(times, ends);
            }
        }

        public override void Append(StringBuilder text, string prompt, int step, in ScheduleTimes times) =>
            Texts[(step - 1) % Texts.Count].Append(text, prompt, step, times);
    }
}
