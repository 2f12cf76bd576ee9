using System.Buffers.Binary;
using System.Text;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>A PNG file is a signature and chunks: length, type, data, checksum.</summary>
internal static class PngChunks
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(MemoryStream file, string type, ReadOnlySpan<byte> data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(typed));
        file.Write(number);
    }

    public static IEnumerable<(string Type, ReadOnlyMemory<byte> Data)> Read(byte[] file)
    {
        string type;
        int at = Signature.Length;
        do
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlyMemory<byte> typed = file.AsMemory(at + 4, checked(length + 4));
            type = Encoding.ASCII.GetString(typed.Span[..4]);
            if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)) != Crc32.Of(typed.Span))
            {
                throw new InvalidImageContentException($"CRC Error. PNG {type} chunk is corrupt!");
            }

            yield return (type, typed[4..]);
            at += length + 12;
        }
        while (type != "IEND");
    }
}
