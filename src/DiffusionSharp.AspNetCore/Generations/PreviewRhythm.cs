namespace DiffusionSharp.AspNetCore;

/// <summary>After which steps there are previews: as many as wanted, evenly spread, every stage of a cascade counted alike, none after the last step, whose picture is the result.</summary>
internal sealed class PreviewRhythm(int wanted)
{
    /// <summary>How many there have been.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is one after a step.</summary>
    public bool IsDue(in DenoisingStep step)
    {
        if (step.IsLast || Count >= wanted || ((step.Stage * (long)step.Count) + step.Index + 1) * (wanted + 1) < (Count + 1) * (long)step.Count * step.StageCount)
        {
            return false;
        }

        Count++;
        return true;
    }
}
