using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionSharp.Text;

/// <summary>Tokens that become themselves wherever a text writes them out, in exactly their letters.</summary>
internal sealed class SpecialTokens
{
    private readonly SpecialToken[] _longestFirst;
    private readonly SearchValues<string> _texts;

    /// <summary>Takes tokens; of two with the same text the later one counts.</summary>
    public SpecialTokens(IEnumerable<SpecialToken> tokens)
    {
        var byText = new Dictionary<string, SpecialToken>(StringComparer.Ordinal);
        foreach (SpecialToken token in tokens)
        {
            byText[token.Text] = token;
        }

        _longestFirst = [.. byText.Values.OrderByDescending(token => token.Text.Length)];
        _texts = SearchValues.Create([.. byText.Keys], StringComparison.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SpecialToken> All => _longestFirst;

    /// <summary>Cuts a text behind the first token in it, as typed; of those that start there the longest.</summary>
    /// <param name="rest">The text; then what is behind the token.</param>
    /// <param name="before">What is before the token.</param>
    /// <param name="token">The token.</param>
    /// <returns>False where the text has no token, and is left as it is.</returns>
    public bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> before, [NotNullWhen(true)] out SpecialToken? token)
    {
        int start = rest.IndexOfAny(_texts);
        if (start < 0)
        {
            before = default;
            token = null;
            return false;
        }

        token = LongestAt(rest[start..]);
        before = rest[..start];
        rest = rest[(start + token.Text.Length)..];
        before = token.StripsBefore ? before.TrimEnd() : before;
        rest = token.StripsAfter ? rest.TrimStart() : rest;
        return true;
    }

    private SpecialToken LongestAt(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (!text.StartsWith(_longestFirst[i].Text, StringComparison.Ordinal))
        {
            i++;
        }

        return _longestFirst[i];
    }
}
