using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>EXIF structures written by hand (TIFF 6.0, section 2), in either byte order.</summary>
public static class ExifBytes
{
    public const ushort ImageDescription = 0x010E;
    public const ushort Orientation = 0x0112;
    public const ushort UserComment = 0x9286;
    private const ushort ExifDirectory = 0x8769;
    private const ushort Short = 3;
    private const ushort Long = 4;

    /// <summary>An orientation in the first directory.</summary>
    public static byte[] WithOrientation(int orientation, bool bigEndian = true) =>
        Write(bigEndian, [(Orientation, Short, 1, Number(orientation, 2, bigEndian))], []);

    /// <summary>A text of a type in the first directory or in that of EXIF.</summary>
    public static byte[] WithText(ushort tag, byte[] text, bool bigEndian = true, bool inFirst = false, ushort type = 7) =>
        inFirst ? Write(bigEndian, [(tag, type, text.Length, text)], []) : Write(bigEndian, [], [(tag, type, text.Length, text)]);

    /// <summary>A PNG file of one pixel with a structure.</summary>
    public static byte[] InPng(byte[] exif) => PngBytes.Write(1, 1, 3, [1, 2, 3], ("eXIf", exif));

    private static byte[] Write(bool bigEndian, (ushort Tag, ushort Type, int Count, byte[] Value)[] first, (ushort Tag, ushort Type, int Count, byte[] Value)[] exif)
    {
        using var data = new MemoryStream();
        data.Write(bigEndian ? "MM"u8 : "II"u8);
        data.Write(Number(42, 2, bigEndian));
        data.Write(Number(8, 4, bigEndian));
        int second = 8 + 2 + (12 * (first.Length + 1)) + 4;
        int values = second + 2 + (12 * exif.Length) + 4;
        using var outside = new MemoryStream();
        foreach ((ushort Tag, ushort Type, int Count, byte[] Value)[] directory in new[] { [.. first, (ExifDirectory, Long, 1, Number(second, 4, bigEndian))], exif })
        {
            data.Write(Number(directory.Length, 2, bigEndian));
            foreach ((ushort tag, ushort type, int count, byte[] value) in directory)
            {
                data.Write(Number(tag, 2, bigEndian));
                data.Write(Number(type, 2, bigEndian));
                data.Write(Number(count, 4, bigEndian));
                if (value.Length > 4)
                {
                    data.Write(Number(values + (int)outside.Length, 4, bigEndian));
                    outside.Write(value);
                }
                else
                {
                    data.Write(value);
                    data.Write(new byte[4 - value.Length]);
                }
            }

            data.Write(new byte[4]);
        }

        return [.. data.ToArray(), .. outside.ToArray()];
    }

    private static byte[] Number(int value, int length, bool bigEndian)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        byte[] number = bytes[(4 - length)..];
        return bigEndian ? number : [.. number.Reverse()];
    }
}
