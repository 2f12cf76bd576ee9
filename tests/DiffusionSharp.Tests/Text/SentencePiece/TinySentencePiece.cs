using System.Buffers.Binary;
using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text;

/// <summary>Writes <c>spiece.model</c> files of a few pieces: padding, end and unknown token, then a space and the letters a, b and c.</summary>
internal static class TinySentencePiece
{
    public static readonly Piece[] Pieces =
    [
        new("<pad>", 0, PieceKind.Control), new("</s>", 0, PieceKind.Control), new("<unk>", 0, PieceKind.Unknown),
        new("\u2581", -2, PieceKind.Normal), new("a", -3, PieceKind.Normal), new("b", -3, PieceKind.Normal), new("c", -3, PieceKind.Normal),
    ];

    public static TemporaryFolder Write(params Piece[] further) => Write([.. Pieces, .. further], [], []);

    public static TemporaryFolder Write(Piece[] pieces, byte[] training, byte[] normalization)
    {
        var folder = new TemporaryFolder();
        folder.Write("spiece.model", [.. pieces.SelectMany(piece => Field(1, Message(piece))), .. Field(2, training), .. Field(3, normalization)]);
        return folder;
    }

    /// <summary>A number, in the wire format.</summary>
    public static byte[] Field(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    /// <summary>A text, bytes or a message, in the wire format.</summary>
    public static byte[] Field(int number, byte[] value) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)value.Length), .. value];

    private static byte[] Message(Piece piece)
    {
        byte[] score = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(score, piece.Score);
        return [.. Field(1, Encoding.UTF8.GetBytes(piece.Text)), (2 << 3) | 5, .. score, .. Field(3, (ulong)piece.Kind)];
    }

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
