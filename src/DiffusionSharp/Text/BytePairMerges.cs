using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>Which pairs of symbols merge, in the order in which they apply.</summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<SymbolPair, BytePairMerge> _merges = [];
    private int _count;

    private BytePairMerges()
    {
    }

    /// <summary>The merge of two neighbours, or <see cref="BytePairMerge.None"/>.</summary>
    public BytePairMerge Find(int left, int right) =>
        _merges.TryGetValue(new SymbolPair(left, right), out BytePairMerge merge) ? merge : BytePairMerge.None;

    /// <summary>Reads a <c>merges.txt</c>: a pair to a line, with one space between, after a first line that may name a version.</summary>
    public static BytePairMerges Load(string path, ClipVocabulary vocabulary)
    {
        var merges = new BytePairMerges();
        int lineNumber = 0;
        foreach (ReadOnlySpan<char> rawLine in ModelText.Read(path).AsSpan().TrimEnd().EnumerateLines())
        {
            lineNumber++;
            string line = rawLine.ToString();
            if (lineNumber == 1 && line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            merges.Add(path, $"line {lineNumber}", line.Split(' '), line, vocabulary);
        }

        return merges.NotEmpty(path);
    }

    /// <summary>Reads the merges of a <c>tokenizer.json</c>, each a text with one space, or a list of two texts.</summary>
    public static BytePairMerges Read(string path, IEnumerable<JsonElement> pairs, ClipVocabulary vocabulary)
    {
        var merges = new BytePairMerges();
        foreach (JsonElement pair in pairs)
        {
            string[] parts = pair.ValueKind switch
            {
                JsonValueKind.String => pair.GetString()!.Split(' '),
                JsonValueKind.Array => [.. pair.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? part.GetString()! : "")],
                _ => [],
            };
            merges.Add(path, $"merge {merges._count}", parts, pair.GetRawText(), vocabulary);
        }

        return merges.NotEmpty(path);
    }

    private void Add(string path, string place, string[] parts, string found, ClipVocabulary vocabulary)
    {
        if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
        {
            throw new ModelFormatException(path, $"{place}: expected two parts with one space between them, found '{Shorten(found)}'.");
        }

        _merges[new SymbolPair(IdOf(left), IdOf(right))] = new BytePairMerge(_count++, IdOf(left + right));

        int IdOf(string token) => vocabulary.TryGetId(token, out int id)
            ? id
            : throw new ModelFormatException(path, $"{place}: '{Shorten(token)}' is not a token of {vocabulary.Path}.");
    }

    private BytePairMerges NotEmpty(string path) => _merges.Count > 0 ? this : throw new ModelFormatException(path, "expected one merge per line, found none.");

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
}
