namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>
/// The simplest lossless stream: no transforms, no color cache, and for every channel a code in which all 256 values
/// have 8 bits (WebP Lossless Bitstream Specification, section 6).
/// </summary>
internal static class Vp8L
{
    public const byte Signature = 0x2F;
    public const int LargestSide = 1 << SizeBits;
    public const int SizeBits = 14;

    /// <summary>An upper bound for what <see cref="WriteCodes"/> writes.</summary>
    public const int CodesBytes = 256;

    private const int LengthSymbol = 8;
    private const int ZerosSymbol = 18;
    private const int FewestZeros = 11;
    private const int LengthCodes = 24;

    /// <summary>Everything between the header and the pixels.</summary>
    public static void WriteCodes(WebpBits bits)
    {
        bits.Write(0, 3);
        WriteChannelCode(bits, LengthCodes);
        WriteChannelCode(bits, 0);
        WriteChannelCode(bits, 0);
        WriteChannelCode(bits, 0);

        // Distances never occur; their code has the one symbol 0.
        bits.Write(0b0001, 4);
    }

    /// <summary>A code has its highest bit first, unlike all numbers in the stream.</summary>
    public static byte Reverse(byte value)
    {
        int reversed = 0;
        for (int i = 0; i < 8; i++)
        {
            reversed = (reversed << 1) | ((value >> i) & 1);
        }

        return (byte)reversed;
    }

    /// <summary>256 lengths of 8, then <paramref name="unused"/> lengths of 0, themselves in a code of two symbols of one bit.</summary>
    private static void WriteChannelCode(WebpBits bits, int unused)
    {
        ReadOnlySpan<int> order = [17, ZerosSymbol, 0, 1, 2, 3, 4, 5, 16, 6, 7, LengthSymbol];
        bits.Write(0, 1);
        bits.Write(order.Length - 4, 4);
        foreach (int symbol in order)
        {
            bits.Write(symbol is LengthSymbol or ZerosSymbol ? 1 : 0, 3);
        }

        bits.Write(0, 1);
        for (int value = 0; value < 256; value++)
        {
            bits.Write(0, 1);
        }

        if (unused > 0)
        {
            bits.Write(1, 1);
            bits.Write(unused - FewestZeros, 7);
        }
    }
}
