using System.Buffers;

namespace DiffusionSharp.Text;

/// <summary>The tokens that stand for themselves in a text instead of being spelled in byte pairs.</summary>
internal sealed class ClipSpecialTokens
{
    private readonly (string Text, int Id)[] _longestFirst;
    private readonly (string Text, int Id)[] _beginAndEnd;
    private readonly SearchValues<string> _texts;

    public ClipSpecialTokens(ClipSpecialToken begin, ClipSpecialToken end, ClipSpecialToken padding, ClipSpecialToken? unknown, IEnumerable<ClipSpecialToken> added)
    {
        Begin = begin;
        End = end;
        Padding = padding;
        Unknown = unknown;

        var idsByText = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ClipSpecialToken token in added.Concat([begin, end, padding, unknown ?? end]))
        {
            idsByText[token.Text] = token.Id;
        }

        _longestFirst = [.. idsByText.Select(token => (token.Key, token.Value)).OrderByDescending(token => token.Key.Length)];
        _beginAndEnd = [(begin.Text, begin.Id), (end.Text, end.Id)];
        _texts = SearchValues.Create([.. idsByText.Keys], StringComparison.Ordinal);
    }

    public ClipSpecialToken Begin { get; }

    public ClipSpecialToken End { get; }

    public ClipSpecialToken Padding { get; }

    /// <summary>What a byte becomes that the vocabulary has no token for; null where every byte has one.</summary>
    public ClipSpecialToken? Unknown { get; }

    /// <summary>The ids of all of them.</summary>
    public IEnumerable<int> Ids => _longestFirst.Select(token => token.Id);

    /// <summary>Finds the first special token in a text as typed: any of them, anywhere, in exactly its letters.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int start, out int length, out int id)
    {
        start = text.IndexOfAny(_texts);
        (length, id) = (0, 0);
        return start >= 0 && TryMatch(_longestFirst, text[start..], StringComparison.Ordinal, out length, out id);
    }

    /// <summary>Whether a text starts with the begin or the end token, in letters of any case.</summary>
    public bool TryMatchStart(ReadOnlySpan<char> text, out int length, out int id) =>
        TryMatch(_beginAndEnd, text, StringComparison.OrdinalIgnoreCase, out length, out id);

    private static bool TryMatch((string Text, int Id)[] tokens, ReadOnlySpan<char> text, StringComparison comparison, out int length, out int id)
    {
        foreach ((string token, int tokenId) in tokens)
        {
            if (text.StartsWith(token, comparison))
            {
                (length, id) = (token.Length, tokenId);
                return true;
            }
        }

        (length, id) = (0, 0);
        return false;
    }
}
