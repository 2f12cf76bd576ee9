using System.Text;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>What a SentencePiece model says (Kudo and Richardson 2018, arXiv:1808.06226): pieces with scores, and how a text is normalised.</summary>
internal sealed record SentencePieceModel
{
    /// <summary>The file, to name it in errors.</summary>
    public required string Path { get; init; }

    /// <summary>The pieces; a piece's place is its id.</summary>
    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>Whether a character without a piece is spelled in pieces of one byte.</summary>
    public bool HasByteFallback { get; init; }

    /// <summary>Replacements of characters, in the form that <see cref="CharacterMap"/> reads; empty for none.</summary>
    public byte[] CharacterMap { get; init; } = [];

    /// <summary>Whether a text gets a space at its start, so that its first word is spelled as any other.</summary>
    public bool AddsSpace { get; init; } = true;

    /// <summary>Whether it gets that space only at its very start, and not behind a special token.</summary>
    public bool AddsSpaceOnce { get; init; }

    /// <summary>Whether that space comes after the text instead.</summary>
    public bool SpaceIsSuffix { get; init; }

    /// <summary>Whether spaces at both ends are dropped, and several in a row are one.</summary>
    public bool MergesSpaces { get; init; } = true;

    /// <summary>Whether a space is spelled as U+2581.</summary>
    public bool EscapesSpaces { get; init; } = true;

    /// <summary>Reads a <c>spiece.model</c>.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another algorithm than unigram.</exception>
    public static SentencePieceModel Load(string path)
    {
        byte[] file = ModelText.ReadBytes(path);
        try
        {
            return Read(path, file);
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new ModelFormatException(path, $"is no SentencePiece model, or a damaged one: {e.Message}.", e);
        }
    }

    private static SentencePieceModel Read(string path, ReadOnlySpan<byte> file)
    {
        var pieces = new List<Piece>();
        var model = new SentencePieceModel { Path = path, Pieces = pieces };
        var fields = new ProtobufReader(file);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(fields.Bytes()));
                    break;
                case 2:
                    model = ReadTraining(model, fields.Bytes());
                    break;
                case 3:
                    model = ReadNormalization(model, fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return model;
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> message)
    {
        (string text, float score, PieceKind kind) = ("", 0, PieceKind.Normal);
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 1:
                    text = StrictUtf8.GetString(fields.Bytes());
                    break;
                case 2:
                    score = fields.Float();
                    break;
                case 3:
                    kind = (PieceKind)fields.Varint();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new Piece(text, score, kind);
    }

    private static SentencePieceModel ReadTraining(SentencePieceModel model, ReadOnlySpan<byte> message)
    {
        string[] algorithms = ["unigram", "byte pairs", "words", "characters"];
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 3 when fields.Varint() is not 1 and var algorithm:
                    throw new ModelFormatException(model.Path, $"must be a unigram model, found one of {algorithms.ElementAtOrDefault((int)algorithm - 1) ?? $"the unknown kind {algorithm}"}.");
                case 3:
                    break;
                case 24:
                    model = model with { SpaceIsSuffix = fields.Flag() };
                    break;
                case 35:
                    model = model with { HasByteFallback = fields.Flag() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return model;
    }

    private static SentencePieceModel ReadNormalization(SentencePieceModel model, ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case 2:
                    model = model with { CharacterMap = fields.Bytes().ToArray() };
                    break;
                case 3:
                    model = model with { AddsSpace = fields.Flag() };
                    break;
                case 4:
                    model = model with { MergesSpaces = fields.Flag() };
                    break;
                case 5:
                    model = model with { EscapesSpaces = fields.Flag() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return model;
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
