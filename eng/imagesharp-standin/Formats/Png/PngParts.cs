using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The chunks of a file that matter here.</summary>
internal sealed class PngParts
{
    public PngHeader Header { get; private set; }

    public PngPalette Palette { get; } = new();

    public List<PngTextData> Texts { get; } = [];

    /// <summary>All IDAT chunks, joined.</summary>
    public byte[] Data { get; private set; } = [];

    public static PngParts Read(byte[] file)
    {
        var parts = new PngParts();
        using var data = new MemoryStream();
        foreach ((string type, ReadOnlyMemory<byte> chunk) in PngChunks.Read(file))
        {
            switch (type)
            {
                case "IHDR":
                    parts.Header = PngHeader.Parse(chunk.Span);
                    break;
                case "PLTE":
                    parts.Palette.ReadColors(chunk.Span);
                    break;
                case "tRNS":
                    parts.Palette.ReadTransparency(chunk.Span);
                    break;
                case "IDAT":
                    data.Write(chunk.Span);
                    break;
                case "tEXt" or "zTXt" or "iTXt":
                    PngText.Read(type, chunk.Span, parts.Texts);
                    break;
            }
        }

        parts.Data = data.ToArray();
        return parts;
    }
}
