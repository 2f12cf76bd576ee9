namespace DiffusionSharp.Schedulers;

/// <summary>Finds what a name that is not known may have been meant to be.</summary>
internal static class NearestName
{
    // Of a name without end only the beginning is compared.
    private const int Longest = 100;

    /// <summary>The known name that fewest letters left out and added lead to; the first of several.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => Distance(name.AsSpan(0, Math.Min(name.Length, Longest)), candidate))!;

    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int shorter = row[j + 1];
                row[j + 1] = left[i] == right[j] ? diagonal : Math.Min(row[j], shorter) + 1;
                diagonal = shorter;
            }
        }

        return row[^1];
    }
}
