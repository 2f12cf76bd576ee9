using System.Globalization;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>The pieces of a unigram model: which of them texts contain, their scores, and what stands for the rest.</summary>
internal sealed class UnigramVocabulary
{
    // What a character without a piece costs more than the rarest piece, in log probability.
    private const float UnknownPenalty = 10;

    private readonly Piece[] _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly int[]? _byteIds;
    private readonly float _highestScore;

    public UnigramVocabulary(SentencePieceModel model)
    {
        (Path, _pieces) = (model.Path, [.. model.Pieces]);
        UnknownId = -1;
        _byteIds = model.HasByteFallback ? new int[256] : null;
        _byteIds?.AsSpan().Fill(-1);

        // No lower than the smallest normal number, as in the original, whose scores are all negative: it only prices user-defined pieces.
        const float SmallestNormal = 1.17549435e-38f;
        (float lowest, _highestScore) = (float.MaxValue, SmallestNormal);
        for (int id = 0; id < _pieces.Length; id++)
        {
            Add(id, _pieces[id]);
            if (_pieces[id].Kind == PieceKind.Normal)
            {
                (lowest, _highestScore) = (Math.Min(lowest, _pieces[id].Score), Math.Max(_highestScore, _pieces[id].Score));
            }
        }

        if (UnknownId < 0)
        {
            throw Wrong("no piece stands for unknown characters");
        }

        if (_byteIds?.IndexOf(-1) is >= 0 and int missing)
        {
            throw Wrong($"unknown characters are spelled in bytes, but no piece stands for the byte {missing}");
        }

        UnknownScore = lowest - UnknownPenalty;
        Trie = new ByteTrie(_pieces.Index().Where(entry => entry.Item.Kind is PieceKind.Normal or PieceKind.UserDefined).Select(entry => (Encoding.UTF8.GetBytes(entry.Item.Text), entry.Index)));
    }

    /// <summary>The file, to name it in errors.</summary>
    public string Path { get; }

    public int Count => _pieces.Length;

    /// <summary>The pieces that texts contain.</summary>
    public ByteTrie Trie { get; }

    /// <summary>What characters without a piece become.</summary>
    public int UnknownId { get; private set; }

    /// <summary>The score of a character without a piece.</summary>
    public float UnknownScore { get; }

    /// <summary>For each byte the piece that stands for it; empty where characters without a piece are <see cref="UnknownId"/>.</summary>
    public ReadOnlySpan<int> ByteIds => _byteIds;

    public Piece this[int id] => _pieces[id];

    public bool TryGetId(string text, out int id) => _ids.TryGetValue(text, out id);

    /// <summary>The score of a piece of a text that is so many bytes long; that of a user-defined one beats any other way to spell them.</summary>
    public double ScoreOf(int id, int length) => _pieces[id].Kind == PieceKind.UserDefined ? (length * _highestScore) - 0.1 : _pieces[id].Score;

    /// <summary>How the piece of a byte is written, for example <c>&lt;0x0A&gt;</c>.</summary>
    public static bool TryParseByte(string text, out byte value)
    {
        value = 0;
        return text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private void Add(int id, Piece piece)
    {
        if (piece.Text.Length == 0)
        {
            throw Wrong($"piece {id} is empty");
        }

        if (!float.IsFinite(piece.Score))
        {
            throw Wrong($"the score of piece {id}, '{piece.Text}', is {piece.Score.ToString(CultureInfo.InvariantCulture)}");
        }

        if (!_ids.TryAdd(piece.Text, id))
        {
            throw Wrong($"the pieces {_ids[piece.Text]} and {id} are both '{piece.Text}'");
        }

        switch (piece.Kind)
        {
            case PieceKind.Unknown when UnknownId >= 0:
                throw Wrong($"the pieces {UnknownId} and {id} both stand for unknown characters");
            case PieceKind.Unknown:
                UnknownId = id;
                break;
            case PieceKind.Byte when _byteIds is not null && TryParseByte(piece.Text, out byte value):
                _byteIds[value] = id;
                break;
            case PieceKind.Byte:
                throw Wrong(_byteIds is null ? $"piece {id} stands for a byte, but the model does not spell in bytes" : $"piece {id}, '{piece.Text}', stands for no byte");
            case < PieceKind.Normal or > PieceKind.Byte:
                throw Wrong($"piece {id}, '{piece.Text}', is of the unknown kind {(int)piece.Kind}");
        }
    }

    private ModelFormatException Wrong(string problem) => new(Path, $"{problem}.");
}
