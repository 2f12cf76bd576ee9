using System.IO.Compression;
using System.Text;
using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The tEXt, zTXt and iTXt chunks (PNG specification, section 11.3.3).</summary>
internal static class PngText
{
    private const int LongestKeyword = 79;

    public static void Write(MemoryStream file, PngTextData text, int compressionThreshold)
    {
        byte[] keyword = Encoding.Latin1.GetBytes(text.Keyword);
        bool compress = text.Value.Length > compressionThreshold;
        bool international = text.Value.Any(c => c > byte.MaxValue)
            || !string.IsNullOrWhiteSpace(text.LanguageTag)
            || !string.IsNullOrWhiteSpace(text.TranslatedKeyword);
        if (international)
        {
            byte[] value = Encoding.UTF8.GetBytes(text.Value);
            PngChunks.Write(file, "iTXt",
            [
                .. keyword, 0, (byte)(compress ? 1 : 0), 0,
                .. Encoding.ASCII.GetBytes(text.LanguageTag ?? string.Empty), 0,
                .. Encoding.UTF8.GetBytes(text.TranslatedKeyword ?? string.Empty), 0,
                .. compress ? Zlib.Compress(value, CompressionLevel.Optimal) : value,
            ]);
        }
        else if (compress)
        {
            PngChunks.Write(file, "zTXt", [.. keyword, 0, 0, .. Zlib.Compress(Encoding.Latin1.GetBytes(text.Value), CompressionLevel.Optimal)]);
        }
        else
        {
            PngChunks.Write(file, "tEXt", [.. keyword, 0, .. Encoding.Latin1.GetBytes(text.Value)]);
        }
    }

    /// <summary>Adds the text of a chunk; a chunk with an invalid keyword is passed over, as the real package does.</summary>
    public static void Read(string type, ReadOnlySpan<byte> data, IList<PngTextData> texts)
    {
        string keyword = Encoding.Latin1.GetString(Next(ref data));
        if (keyword.Length is 0 or > LongestKeyword || keyword != keyword.Trim(' '))
        {
            return;
        }

        switch (type)
        {
            case "tEXt":
                texts.Add(new PngTextData(keyword, Encoding.Latin1.GetString(data), string.Empty, string.Empty));
                break;
            case "zTXt":
                texts.Add(new PngTextData(keyword, Encoding.Latin1.GetString(Zlib.Decompress(data[1..])), string.Empty, string.Empty));
                break;
            default:
                bool compressed = data[0] != 0;
                data = data[2..];
                string language = Encoding.ASCII.GetString(Next(ref data));
                string translatedKeyword = Encoding.UTF8.GetString(Next(ref data));
                texts.Add(new PngTextData(keyword, Encoding.UTF8.GetString(compressed ? Zlib.Decompress(data) : data), language, translatedKeyword));
                break;
        }
    }

    /// <summary>The bytes before the next zero, which is passed.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> data)
    {
        int zero = data.IndexOf((byte)0);
        ReadOnlySpan<byte> part = data[..zero];
        data = data[(zero + 1)..];
        return part;
    }
}
