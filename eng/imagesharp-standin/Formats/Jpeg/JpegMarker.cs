namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The second byte of the markers; the first is 0xFF.</summary>
internal static class JpegMarker
{
    public const byte Baseline = 0xC0;
    public const byte Extended = 0xC1;
    public const byte Huffman = 0xC4;
    public const byte LastFrame = 0xCF;
    public const byte Start = 0xD8;
    public const byte End = 0xD9;
    public const byte Scan = 0xDA;
    public const byte Quantization = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte Jfif = 0xE0;
    public const byte Adobe = 0xEE;
}
