using System.Diagnostics.CodeAnalysis;

namespace DiffusionSharp.Text;

/// <summary>The tokens of CLIP that stand for themselves in a text instead of being spelled in byte pairs.</summary>
internal sealed class ClipSpecialTokens
{
    private readonly SpecialTokens _all;

    public ClipSpecialTokens(SpecialToken begin, SpecialToken end, SpecialToken padding, SpecialToken? unknown, IEnumerable<SpecialToken> added)
    {
        Begin = begin;
        End = end;
        Padding = padding;
        Unknown = unknown;
        _all = new SpecialTokens([.. added, begin, end, padding, unknown ?? end]);
    }

    public SpecialToken Begin { get; }

    public SpecialToken End { get; }

    public SpecialToken Padding { get; }

    /// <summary>What a byte becomes that the vocabulary has no token for; null where every byte has one.</summary>
    public SpecialToken? Unknown { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SpecialToken> All => _all.All;

    /// <summary>These and one more.</summary>
    public ClipSpecialTokens With(SpecialToken token) => new(Begin, End, Padding, Unknown, [.. All, token]);

    /// <inheritdoc cref="SpecialTokens.TryTake"/>
    public bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> before, [NotNullWhen(true)] out SpecialToken? token) => _all.TryTake(ref rest, out before, out token);

    /// <summary>Whether a text starts with the begin or the end token, in letters of any case.</summary>
    public bool TryMatchStart(ReadOnlySpan<char> text, [NotNullWhen(true)] out SpecialToken? token)
    {
        token = text.StartsWith(Begin.Text, StringComparison.OrdinalIgnoreCase) ? Begin : text.StartsWith(End.Text, StringComparison.OrdinalIgnoreCase) ? End : null;
        return token is not null;
    }
}
