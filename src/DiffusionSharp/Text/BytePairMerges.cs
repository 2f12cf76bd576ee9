namespace DiffusionSharp.Text;

/// <summary>The merges of a <c>merges.txt</c>, one per line in the order in which they apply.</summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<SymbolPair, BytePairMerge> _merges;

    private BytePairMerges(Dictionary<SymbolPair, BytePairMerge> merges) => _merges = merges;

    /// <summary>The merge of two neighbours, or <see cref="BytePairMerge.None"/>.</summary>
    public BytePairMerge Find(int left, int right) =>
        _merges.TryGetValue(new SymbolPair(left, right), out BytePairMerge merge) ? merge : BytePairMerge.None;

    public static BytePairMerges Load(string path, ClipVocabulary vocabulary)
    {
        var merges = new Dictionary<SymbolPair, BytePairMerge>();
        int lineNumber = 0;
        foreach (ReadOnlySpan<char> rawLine in TokenizerFile.ReadText(path).AsSpan().TrimEnd().EnumerateLines())
        {
            lineNumber++;
            string line = rawLine.ToString();
            if (lineNumber == 1 && line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = line.Split(' ');
            if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
            {
                throw new ModelFormatException(path, $"line {lineNumber}: expected two parts with one space between them, found '{Shorten(line)}'.");
            }

            var pair = new SymbolPair(IdOf(left), IdOf(right));
            merges[pair] = new BytePairMerge(lineNumber, IdOf(left + right));
        }

        return merges.Count > 0 ? new BytePairMerges(merges) : throw new ModelFormatException(path, "expected one merge per line, found none.");

        int IdOf(string token) => vocabulary.TryGetId(token, out int id)
            ? id
            : throw new ModelFormatException(path, $"line {lineNumber}: '{Shorten(token)}' is not a token of {vocabulary.Path}.");
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
}
