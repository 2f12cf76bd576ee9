namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>A Huffman table: how many codes there are of each length from 1 to 16, and their symbols in order.</summary>
internal sealed class JpegHuffman
{
    public const int LongestCode = 16;

    private readonly (int Code, int Length)[] _codes = new (int, int)[256];

    public JpegHuffman(byte[] counts, byte[] symbols)
    {
        Counts = counts;
        Symbols = symbols;
        int code = 0;
        int next = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            for (int i = 0; i < counts[length - 1]; i++)
            {
                _codes[symbols[next++]] = (code++, length);
            }
        }
    }

    public byte[] Counts { get; }

    public byte[] Symbols { get; }

    public void Write(JpegBitWriter bits, int symbol)
    {
        (int code, int length) = _codes[symbol];
        bits.Write(code, length);
    }

    public int Read(JpegBitReader bits)
    {
        int code = 0;
        int first = 0;
        int next = 0;
        foreach (byte count in Counts)
        {
            code |= bits.Read(1);
            if (code - first < count)
            {
                return Symbols[next + code - first];
            }

            next += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        throw new InvalidImageContentException("The JPEG file holds a code that is in no Huffman table.");
    }
}
