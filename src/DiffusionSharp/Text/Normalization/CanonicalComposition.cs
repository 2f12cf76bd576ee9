using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>Unicode Normalization Forms C and D (Unicode Standard Annex 15), the same on every platform.</summary>
/// <remarks>
/// <see cref="string.Normalize()"/> does nothing under <c>InvariantGlobalization</c> (the default of AOT templates and Alpine images)
/// and throws on U+FFFE and on unpaired surrogates; a prompt must tokenize alike everywhere.
/// </remarks>
internal static class CanonicalComposition
{
    // Code points below combining marks neither decompose in Form C nor combine with what precedes them.
    private const char FirstUnstable = '\u0300';

    /// <summary>Composes a text; each unpaired surrogate becomes U+FFFD.</summary>
    public static string Compose(string text)
    {
        if (IsStable(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOfAnyInRange(FirstUnstable, char.MaxValue) is >= 0 and int first)
        {
            // With the character before it, which a mark may combine with; nothing reaches further.
            int start = Math.Max(first - 1, 0);
            int length = rest[first..].IndexOfAnyExceptInRange(FirstUnstable, char.MaxValue);
            int end = length < 0 ? rest.Length : first + length;
            result.Append(rest[..start]);
            AppendComposed(rest[start..end], result);
            rest = rest[end..];
        }

        return result.Append(rest).ToString();
    }

    private static bool IsStable(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange(FirstUnstable, char.MaxValue) is >= 0 and int first)
        {
            text = text[first..];
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int length) != OperationStatus.Done || !CanonicalTables.IsStable(rune.Value))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static void AppendComposed(ReadOnlySpan<char> text, StringBuilder result)
    {
        Span<int> codePoints = CollectionsMarshal.AsSpan(Decompose(text));
        Span<char> utf16 = stackalloc char[2];
        foreach (int codePoint in codePoints[..ComposeInPlace(codePoints)])
        {
            result.Append(utf16[..new Rune(codePoint).EncodeToUtf16(utf16)]);
        }
    }

    /// <summary>The code points of a text in Form D; each unpaired surrogate becomes U+FFFD.</summary>
    public static List<int> Decompose(ReadOnlySpan<char> text)
    {
        var codePoints = new List<int>(text.Length + (text.Length / 4));
        foreach (Rune rune in text.EnumerateRunes())
        {
            AppendDecomposed(rune.Value, codePoints);
        }

        SortMarks(CollectionsMarshal.AsSpan(codePoints));
        return codePoints;
    }

    private static void AppendDecomposed(int codePoint, List<int> destination)
    {
        if (HangulSyllable.TryDecompose(codePoint, out int leading, out int vowel, out int trailing))
        {
            destination.Add(leading);
            destination.Add(vowel);
            if (trailing != 0)
            {
                destination.Add(trailing);
            }
        }
        else if (CanonicalTables.TryDecompose(codePoint, out int first, out int second))
        {
            AppendDecomposed(first, destination);
            if (second != 0)
            {
                AppendDecomposed(second, destination);
            }
        }
        else
        {
            destination.Add(codePoint);
        }
    }

    /// <summary>Puts every run of marks in the order of their combining classes; marks of one class keep their order.</summary>
    private static void SortMarks(Span<int> codePoints)
    {
        for (int start = 0; start < codePoints.Length; start++)
        {
            int end = start;
            bool isSorted = true;
            int previous = 0;
            while (end < codePoints.Length && CanonicalTables.CombiningClass(codePoints[end]) is > 0 and int current)
            {
                isSorted &= previous <= current;
                previous = current;
                end++;
            }

            if (!isSorted)
            {
                SortByClass(codePoints[start..end]);
            }

            start = end;
        }
    }

    // Not an insertion sort: a prompt can be 100 KB of marks. The position in the key makes the sort stable.
    private static void SortByClass(Span<int> marks)
    {
        const int CodePointBits = 21;
        const int ClassShift = CodePointBits + 32;
        long[] keys = new long[marks.Length];
        for (int i = 0; i < marks.Length; i++)
        {
            keys[i] = ((long)CanonicalTables.CombiningClass(marks[i]) << ClassShift) | ((long)i << CodePointBits) | (uint)marks[i];
        }

        Array.Sort(keys);
        for (int i = 0; i < marks.Length; i++)
        {
            marks[i] = (int)keys[i] & ((1 << CodePointBits) - 1);
        }
    }

    /// <summary>Combines each mark with its starter unless a mark in between blocks it.</summary>
    /// <returns>How many leading code points hold the result.</returns>
    private static int ComposeInPlace(Span<int> codePoints)
    {
        int count = 0;
        int starter = -1;
        int lastClass = 0;
        foreach (int codePoint in codePoints)
        {
            int combiningClass = CanonicalTables.CombiningClass(codePoint);
            bool isBlocked = starter < 0 || (starter != count - 1 && lastClass >= combiningClass);
            if (!isBlocked && TryCompose(codePoints[starter], codePoint, out int composed))
            {
                codePoints[starter] = composed;
                continue;
            }

            lastClass = combiningClass;
            if (combiningClass == 0)
            {
                starter = count;
            }

            codePoints[count++] = codePoint;
        }

        return count;
    }

    private static bool TryCompose(int first, int second, out int composed) =>
        HangulSyllable.TryCompose(first, second, out composed) || CanonicalTables.TryCompose(first, second, out composed);
}
