using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>PNG files written and read by hand (W3C PNG specification), so that the tests need not believe the library under test.</summary>
public static class PngBytes
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private enum ColorType : byte
    {
        Gray = 0,
        Rgb = 2,
        Rgba = 6,
    }

    /// <summary>Writes 8 bits per channel: 1 channel is gray, 3 are RGB, 4 are RGBA.</summary>
    public static byte[] Write(int width, int height, int channels, byte[] pixels, params (string Type, byte[] Data)[] chunks)
    {
        Assert.Equal(width * height * channels, pixels.Length);
        using var file = new MemoryStream();
        file.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = (byte)(channels switch { 1 => ColorType.Gray, 3 => ColorType.Rgb, _ => ColorType.Rgba });
        WriteChunk(file, "IHDR", header);
        foreach ((string type, byte[] data) in chunks)
        {
            WriteChunk(file, type, data);
        }

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (byte[] row in pixels.Chunk(width * channels))
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        WriteChunk(file, "IDAT", compressed.ToArray());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Reads all chunks and checks their lengths and checksums.</summary>
    public static List<(string Type, byte[] Data)> ReadChunks(byte[] file)
    {
        Assert.Equal(Signature, file[..8]);
        var chunks = new List<(string, byte[])>();
        ReadOnlySpan<byte> rest = file.AsSpan(8);
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(rest);
            Assert.Equal(Crc(rest.Slice(4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]));
            chunks.Add((Encoding.ASCII.GetString(rest.Slice(4, 4)), rest.Slice(8, length).ToArray()));
            rest = rest[(12 + length)..];
        }

        return chunks;
    }

    /// <summary>Reads the pixels of an RGB file of 8 bits per channel that is not interlaced, whatever its filters.</summary>
    public static byte[] ReadRgb(byte[] file)
    {
        List<(string Type, byte[] Data)> chunks = ReadChunks(file);
        byte[] header = chunks.Single(chunk => chunk.Type == "IHDR").Data;
        Assert.Equal([8, (byte)ColorType.Rgb, 0, 0, 0], header[8..]);
        int stride = 3 * BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        using var compressed = new MemoryStream([.. chunks.Where(chunk => chunk.Type == "IDAT").SelectMany(chunk => chunk.Data)]);
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        byte[] pixels = new byte[stride * height];
        byte[] above = new byte[stride];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            byte[] row = new byte[stride];
            zlib.ReadExactly(row);
            for (int i = 0; i < stride; i++)
            {
                (byte left, byte upperLeft) = i < 3 ? ((byte)0, (byte)0) : (row[i - 3], above[i - 3]);
                row[i] += Predict(filter, left, above[i], upperLeft);
            }

            row.CopyTo(pixels, y * stride);
            above = row;
        }

        return pixels;
    }

    private static byte Predict(int filter, byte left, byte above, byte upperLeft) => filter switch
    {
        0 => 0,
        1 => left,
        2 => above,
        3 => (byte)((left + above) / 2),
        4 => Paeth(left, above, upperLeft),
        _ => throw new InvalidDataException($"Filter {filter}."),
    };

    private static byte Paeth(byte left, byte above, byte upperLeft)
    {
        int estimate = left + above - upperLeft;
        (int a, int b, int c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - upperLeft));
        return a <= b && a <= c ? left : b <= c ? above : upperLeft;
    }

    private static void WriteChunk(MemoryStream file, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
