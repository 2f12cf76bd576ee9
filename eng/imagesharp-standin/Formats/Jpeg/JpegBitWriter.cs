namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Bits from the highest on; a zero follows every 0xFF, which would be a marker.</summary>
internal sealed class JpegBitWriter(MemoryStream file)
{
    private int _bits;
    private int _count;

    public void Write(int value, int length)
    {
        for (int i = length - 1; i >= 0; i--)
        {
            _bits = (_bits << 1) | ((value >> i) & 1);
            if (++_count == 8)
            {
                file.WriteByte((byte)_bits);
                if (_bits == 0xFF)
                {
                    file.WriteByte(0);
                }

                _bits = 0;
                _count = 0;
            }
        }
    }

    /// <summary>Fills the last byte with ones.</summary>
    public void Flush() => Write(0x7F, (8 - _count) % 8);
}
