using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The head of a BMP file.</summary>
internal static class BmpFile
{
    private const int CoreHeadLength = 12;

    public static PictureHeader ReadHeader(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> head = file.Span[14..];
        bool isCore = BinaryPrimitives.ReadInt32LittleEndian(head) == CoreHeadLength;
        int width = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(head[4..]) : BinaryPrimitives.ReadInt32LittleEndian(head[4..]);

        // A negative height says that the first row is the upper one.
        int height = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) : BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        var header = new PictureHeader();
        header.Cover(width, Math.Abs(height));
        return header;
    }
}
