using System.IO.Compression;

namespace SixLabors.ImageSharp.Formats.Png;

internal static class Zlib
{
    public static byte[] Compress(ReadOnlySpan<byte> data, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, level))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }

    public static byte[] Decompress(ReadOnlySpan<byte> data)
    {
        using var compressed = new MemoryStream(data.ToArray());
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        using var decompressed = new MemoryStream();
        zlib.CopyTo(decompressed);
        return decompressed.ToArray();
    }
}
