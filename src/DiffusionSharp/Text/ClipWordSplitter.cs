using System.Text;

namespace DiffusionSharp.Text;

/// <summary>
/// Walks over the words of a normalised text, which byte pairs never cross: a special token, an English contraction, a run of letters,
/// ONE number character, or a run of anything else; white space separates and is dropped.
/// </summary>
/// <remarks>
/// The same words as the pattern
/// <c>&lt;\|startoftext\|&gt;|&lt;\|endoftext\|&gt;|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c>, case-insensitive.
/// </remarks>
internal ref struct ClipWordSplitter
{
    private readonly ClipSpecialTokens _specialTokens;
    private ReadOnlySpan<char> _rest;

    public ClipWordSplitter(ReadOnlySpan<char> text, ClipSpecialTokens specialTokens)
    {
        _rest = text;
        _specialTokens = specialTokens;
    }

    /// <summary>The word, after <see cref="MoveNext"/> returned true.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>The id of the special token that the word is, or null for an ordinary word.</summary>
    public int? SpecialTokenId { get; private set; }

    public bool MoveNext()
    {
        CharacterKind kind;
        int length;
        while ((kind = KindOf(_rest, out length)) == CharacterKind.Space)
        {
            _rest = _rest[length..];
        }

        SpecialTokenId = null;
        switch (kind)
        {
            case CharacterKind.End:
                return false;
            case CharacterKind.Letter:
                length = RunLength(kind);
                break;
            case CharacterKind.Other when _specialTokens.TryMatchStart(_rest, out SpecialToken? token):
                (length, SpecialTokenId) = (token.Text.Length, token.Id);
                break;
            case CharacterKind.Other when !TryMatchContraction(_rest, out length):
                length = RunLength(kind);
                break;
        }

        Current = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private readonly int RunLength(CharacterKind kind)
    {
        int end = 0;
        while (KindOf(_rest[end..], out int length) == kind)
        {
            end += length;
        }

        return end;
    }

    private static bool TryMatchContraction(ReadOnlySpan<char> text, out int length)
    {
        char first = text.Length > 1 ? char.ToLowerInvariant(text[1]) : '\0';
        char second = text.Length > 2 ? char.ToLowerInvariant(text[2]) : '\0';
        length = (text[0], first, second) switch
        {
            ('\'', 's' or 't' or 'm' or 'd', _) => 2,
            ('\'', 'r' or 'v', 'e') or ('\'', 'l', 'l') => 3,
            _ => 0,
        };
        return length > 0;
    }

    private static CharacterKind KindOf(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text.IsEmpty)
        {
            return CharacterKind.End;
        }

        char first = text[0];
        if (char.IsAscii(first))
        {
            return char.IsAsciiLetter(first) ? CharacterKind.Letter
                : char.IsAsciiDigit(first) ? CharacterKind.Number
                : char.IsWhiteSpace(first) ? CharacterKind.Space
                : CharacterKind.Other;
        }

        _ = Rune.DecodeFromUtf16(text, out Rune rune, out length);
        return Rune.IsLetter(rune) ? CharacterKind.Letter
            : Rune.IsNumber(rune) ? CharacterKind.Number
            : Rune.IsWhiteSpace(rune) ? CharacterKind.Space
            : CharacterKind.Other;
    }

    private enum CharacterKind
    {
        End,
        Space,
        Letter,
        Number,
        Other,
    }
}
