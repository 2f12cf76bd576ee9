namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The other side of <see cref="JpegBitWriter"/>.</summary>
internal sealed class JpegBitReader(byte[] file, int at)
{
    private int _bits;
    private int _count;

    public int Read(int length)
    {
        int value = 0;
        for (int i = 0; i < length; i++)
        {
            if (_count == 0)
            {
                _bits = file[at++];
                _count = 8;
                if (_bits == 0xFF && file[at++] != 0)
                {
                    throw new InvalidImageContentException("The JPEG file has a marker in the middle of its data.");
                }
            }

            value = (value << 1) | ((_bits >> --_count) & 1);
        }

        return value;
    }

    /// <summary>A number of a given length whose highest bit is its sign (ITU-T T.81, F.2.2.1).</summary>
    public int ReadSigned(int length)
    {
        int value = Read(length);
        return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
    }

    /// <summary>Passes a restart marker, which stands at the next whole byte.</summary>
    public void Restart()
    {
        _count = 0;
        at += 2;
    }
}
