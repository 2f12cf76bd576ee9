namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Luminance or one of the two color components, with its decoded samples.</summary>
internal sealed class JpegComponent(byte id, int horizontal, int vertical, int[] quantization)
{
    private const int Side = 8;

    private byte[] _samples = [];
    private int _width;
    private int _lastDc;

    public byte Id => id;

    /// <summary>Blocks per unit of the scan.</summary>
    public int Horizontal => horizontal;

    public int Vertical => vertical;

    public JpegHuffman? Dc { get; set; }

    public JpegHuffman? Ac { get; set; }

    public void Allocate(int unitsAcross, int unitsDown)
    {
        _width = unitsAcross * horizontal * Side;
        _samples = new byte[checked(_width * unitsDown * vertical * Side)];
    }

    public byte Sample(int x, int y, int mostHorizontal, int mostVertical) =>
        _samples[(y * vertical / mostVertical * _width) + (x * horizontal / mostHorizontal)];

    public void Restart() => _lastDc = 0;

    public void ReadBlock(JpegBitReader bits, int column, int row)
    {
        if (Dc is null || Ac is null)
        {
            throw new InvalidImageContentException("The JPEG file lacks a Huffman table.");
        }

        Span<float> block = stackalloc float[JpegTables.BlockSize];
        block.Clear();
        _lastDc += bits.ReadSigned(Dc.Read(bits));
        block[0] = _lastDc * quantization[0];
        for (int k = 1; k < block.Length; k++)
        {
            int symbol = Ac.Read(bits);
            if (symbol == 0)
            {
                break;
            }

            k += symbol >> 4;
            int at = JpegTables.ZigZag[k];
            block[at] = bits.ReadSigned(symbol & 15) * quantization[at];
        }

        JpegDct.Inverse(block);
        for (int i = 0; i < block.Length; i++)
        {
            _samples[(((row * Side) + (i / Side)) * _width) + (column * Side) + (i % Side)] = JpegColor.ToByte(block[i] + 128);
        }
    }
}
