namespace DiffusionSharp.Text;

/// <summary>Look-ups over the Unicode data that canonical composition needs; Hangul syllables excepted.</summary>
internal static class CanonicalTables
{
    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly HashSet<int> Unstable = [];

    static CanonicalTables()
    {
        ReadOnlySpan<int> pairs = CanonicalPairs.Composing;
        for (int i = 0; i < pairs.Length; i += 3)
        {
            Decompositions.Add(pairs[i], (pairs[i + 1], pairs[i + 2]));
            Compositions.Add((pairs[i + 1], pairs[i + 2]), pairs[i]);
            Unstable.Add(pairs[i + 2]);
        }

        ReadOnlySpan<int> excluded = CanonicalPairs.Excluded;
        for (int i = 0; i < excluded.Length; i += 3)
        {
            Decompositions.Add(excluded[i], (excluded[i + 1], excluded[i + 2]));
            Unstable.Add(excluded[i]);
        }

        ReadOnlySpan<int> singletons = CanonicalSingletons.Mappings;
        for (int i = 0; i < singletons.Length; i += 2)
        {
            Decompositions.Add(singletons[i], (singletons[i + 1], 0));
            Unstable.Add(singletons[i]);
        }

        ReadOnlySpan<int> ranges = CombiningClasses.Ranges;
        for (int i = 0; i < ranges.Length; i += 3)
        {
            for (int codePoint = ranges[i]; codePoint <= ranges[i + 1]; codePoint++)
            {
                Classes.Add(codePoint, (byte)ranges[i + 2]);
                Unstable.Add(codePoint);
            }
        }
    }

    /// <summary>Whether the code point stays as it is in Form C whatever precedes it.</summary>
    public static bool IsStable(int codePoint) => !Unstable.Contains(codePoint) && !HangulSyllable.CanFollow(codePoint);

    /// <summary>The class that orders marks; 0 for a starter, which marks attach to.</summary>
    public static int CombiningClass(int codePoint) => Classes.GetValueOrDefault(codePoint);

    /// <summary>One step of decomposition.</summary>
    /// <param name="codePoint">Any code point.</param>
    /// <param name="first">The first part, which may decompose further.</param>
    /// <param name="second">The second part, or 0 where there is one part only.</param>
    public static bool TryDecompose(int codePoint, out int first, out int second)
    {
        bool found = Decompositions.TryGetValue(codePoint, out (int First, int Second) parts);
        (first, second) = parts;
        return found;
    }

    public static bool TryCompose(int first, int second, out int composed) => Compositions.TryGetValue((first, second), out composed);
}
