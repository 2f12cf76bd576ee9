using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>Writes a text the way a SentencePiece model reads it: characters replaced, spaces merged and written as U+2581.</summary>
internal sealed class SentencePieceNormalizer
{
    private readonly SentencePieceModel _model;
    private readonly CharacterMap? _map;
    private readonly ByteTrie? _userDefined;

    public SentencePieceNormalizer(SentencePieceModel model)
    {
        _model = model;
        _map = model.CharacterMap.Length == 0 ? null : CharacterMap.Read(model.Path, model.CharacterMap);
        Piece[] userDefined = [.. model.Pieces.Where(piece => piece.Kind == PieceKind.UserDefined)];
        _userDefined = userDefined.Length == 0 ? null : new ByteTrie(userDefined.Select(piece => (Encoding.UTF8.GetBytes(piece.Text), 0)));
    }

    /// <summary>How a space is spelled.</summary>
    public static ReadOnlySpan<byte> Space => "\u2581"u8;

    /// <summary>Appends a text to a list of bytes.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="result">Empty; gets UTF-8.</param>
    /// <param name="goesOn">Whether it goes on behind something else: it gets no space at its start, and keeps one that it has.</param>
    public void Normalize(ReadOnlySpan<byte> text, List<byte> result, bool goesOn = false)
    {
        bool trimsStart = _model.MergesSpaces && !(goesOn && (_model.AddsSpaceOnce || text.StartsWith((byte)' ')));
        ReadOnlySpan<byte> rest = trimsStart ? SkipSpaces(text) : text;
        if (rest.IsEmpty)
        {
            return;
        }

        if (_model.AddsSpace && !_model.SpaceIsSuffix && !goesOn)
        {
            Append(" "u8, result);
        }

        bool isAfterSpace = trimsStart;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> next = Next(rest, out int length);
            next = isAfterSpace ? next.TrimStart((byte)' ') : next;
            Append(next, result);
            isAfterSpace = _model.MergesSpaces && (next.IsEmpty ? isAfterSpace : next[^1] == ' ');
            rest = rest[length..];
        }

        if (_model.MergesSpaces)
        {
            TrimEnd(result);
        }

        if (_model.AddsSpace && _model.SpaceIsSuffix)
        {
            Append(" "u8, result);
        }
    }

    private ReadOnlySpan<byte> SkipSpaces(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && Next(text, out int length) is [(byte)' '])
        {
            text = text[length..];
        }

        return text;
    }

    /// <summary>What the first characters of a text become.</summary>
    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> text, out int length)
    {
        if (TryMatchUserDefined(text, out length))
        {
            return text[..length];
        }

        if (_map is not null && _map.TryReplace(text, out ReadOnlySpan<byte> replacement, out length))
        {
            return replacement;
        }

        // A map that ends within a character leaves half of it.
        return Rune.DecodeFromUtf8(text, out _, out length) == OperationStatus.Done ? text[..length] : Invalid(out length);
    }

    private static ReadOnlySpan<byte> Invalid(out int length)
    {
        length = 1;
        return "\uFFFD"u8;
    }

    private bool TryMatchUserDefined(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        int node = ByteTrie.Root;
        for (int i = 0; _userDefined is not null && i < text.Length && _userDefined.TryStep(ref node, text[i]); i++)
        {
            length = _userDefined.ValueAt(node) >= 0 ? i + 1 : length;
        }

        return length > 0;
    }

    private void Append(ReadOnlySpan<byte> text, List<byte> result)
    {
        while (_model.EscapesSpaces && text.IndexOf((byte)' ') is >= 0 and int space)
        {
            result.AddRange(text[..space]);
            result.AddRange(Space);
            text = text[(space + 1)..];
        }

        result.AddRange(text);
    }

    private void TrimEnd(List<byte> result)
    {
        ReadOnlySpan<byte> space = _model.EscapesSpaces ? Space : " "u8;
        ReadOnlySpan<byte> kept = CollectionsMarshal.AsSpan(result);
        while (kept.EndsWith(space))
        {
            kept = kept[..^space.Length];
        }

        result.RemoveRange(kept.Length, result.Count - kept.Length);
    }
}
