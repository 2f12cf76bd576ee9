namespace DiffusionSharp.Text;

/// <summary>Words of a syntax that count only by themselves.</summary>
internal static class WholeWord
{
    /// <summary>Where a word first stands by itself in a part of a text, whose ends count as ends of words; -1 where it does not.</summary>
    public static int Find(string text, string word, int start, int end)
    {
        for (int at = start; at < end; at += word.Length)
        {
            int found = text.AsSpan(at, end - at).IndexOf(word, StringComparison.Ordinal);
            if (found < 0)
            {
                return -1;
            }

            at += found;
            int behind = at + word.Length;
            if ((at == start || !IsPart(text[at - 1])) && (behind == end || !IsPart(text[behind])))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsPart(char character) => char.IsLetterOrDigit(character) || char.IsNumber(character) || character == '_';
}
