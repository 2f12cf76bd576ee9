using System.Globalization;

namespace DiffusionSharp.Text;

/// <summary>Prompts with <c>AND</c> between them, and the weight that may stand behind a colon at the end of each.</summary>
internal static class PromptConjunction
{
    private const string And = "AND";

    /// <exception cref="PromptSyntaxException">A weight is not a finite number.</exception>
    public static List<WeightedText> Parse(string prompt)
    {
        var parts = new List<WeightedText>();
        int start = 0;
        for (int found = WholeWord.Find(prompt, And, 0, prompt.Length); found >= 0; found = WholeWord.Find(prompt, And, start, prompt.Length))
        {
            parts.Add(Part(prompt, start, found));
            start = found + And.Length;
        }

        parts.Add(Part(prompt, start, prompt.Length));
        return parts;
    }

    private static WeightedText Part(string prompt, int start, int end)
    {
        string text = prompt[start..end].TrimEnd();
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !double.TryParse(text.AsSpan(colon + 1).TrimStart(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight))
        {
            return new WeightedText(text, 1);
        }

        return double.IsFinite(weight) ? new WeightedText(text[..colon].TrimEnd(), weight) : throw new PromptSyntaxException(prompt, start + colon + 2, "the weight is not a finite number");
    }
}
