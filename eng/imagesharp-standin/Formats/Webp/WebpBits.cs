namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Bits from the lowest on, written and read.</summary>
internal sealed class WebpBits(byte[] bytes)
{
    public long Position { get; set; }

    public void Write(int value, int length)
    {
        for (int i = 0; i < length; i++, Position++)
        {
            bytes[Position / 8] |= (byte)(((value >> i) & 1) << (int)(Position % 8));
        }
    }

    public int Read(int length)
    {
        int value = 0;
        for (int i = 0; i < length; i++, Position++)
        {
            value |= ((bytes[Position / 8] >> (int)(Position % 8)) & 1) << i;
        }

        return value;
    }
}
