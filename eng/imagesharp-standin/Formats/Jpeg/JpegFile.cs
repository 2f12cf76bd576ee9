using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The segments of a file up to and including its one scan.</summary>
internal sealed class JpegFile
{
    private readonly int[][] _quantization = [new int[64], new int[64], new int[64], new int[64]];
    private readonly JpegHuffman?[] _huffman = new JpegHuffman?[32];
    private int _mostHorizontal;
    private int _mostVertical;
    private int _restartInterval;
    private bool _plainRgb;

    public Size Size { get; private set; }

    public JpegComponent[] Components { get; private set; } = [];

    public static JpegFile Read(byte[] file, bool headerOnly)
    {
        var jpeg = new JpegFile();
        int at = 2;
        while (true)
        {
            byte marker = file[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            ReadOnlySpan<byte> data = file.AsSpan(at + 4, length - 2);
            at += length + 2;
            switch (marker)
            {
                case JpegMarker.Quantization:
                    jpeg.ReadQuantization(data);
                    break;
                case JpegMarker.Huffman:
                    jpeg.ReadHuffman(data);
                    break;
                case JpegMarker.RestartInterval:
                    jpeg._restartInterval = BinaryPrimitives.ReadUInt16BigEndian(data);
                    break;
                case JpegMarker.Adobe:
                    jpeg._plainRgb = data.StartsWith("Adobe"u8) && data[11] == 0;
                    break;
                case >= JpegMarker.Baseline and <= JpegMarker.LastFrame:
                    jpeg.ReadFrame(data);
                    if (headerOnly)
                    {
                        return jpeg;
                    }

                    if (marker is not (JpegMarker.Baseline or JpegMarker.Extended))
                    {
                        throw StandIn.Cannot("read JPEG files that are not baseline, such as progressive ones");
                    }

                    break;
                case JpegMarker.Scan:
                    jpeg.ReadScan(data, new JpegBitReader(file, at));
                    return jpeg;
            }
        }
    }

    public Rgba32 ColorAt(int x, int y)
    {
        byte first = Components[0].Sample(x, y, _mostHorizontal, _mostVertical);
        if (Components.Length == 1)
        {
            return new Rgba32(first, first, first);
        }

        byte second = Components[1].Sample(x, y, _mostHorizontal, _mostVertical);
        byte third = Components[2].Sample(x, y, _mostHorizontal, _mostVertical);
        return _plainRgb ? new Rgba32(first, second, third) : JpegColor.ToRgb(first, second, third);
    }

    private void ReadQuantization(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            int[] table = _quantization[data[0] & 3];
            int bytes = (data[0] >> 4) + 1;
            data = data[1..];
            for (int k = 0; k < table.Length; k++, data = data[bytes..])
            {
                table[JpegTables.ZigZag[k]] = bytes == 1 ? data[0] : BinaryPrimitives.ReadUInt16BigEndian(data);
            }
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            int index = data[0];
            byte[] counts = data.Slice(1, JpegHuffman.LongestCode).ToArray();
            int symbols = counts.Sum(count => count);
            _huffman[index] = new JpegHuffman(counts, data.Slice(1 + JpegHuffman.LongestCode, symbols).ToArray());
            data = data[(1 + JpegHuffman.LongestCode + symbols)..];
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> data)
    {
        Size = new Size(BinaryPrimitives.ReadUInt16BigEndian(data[3..]), BinaryPrimitives.ReadUInt16BigEndian(data[1..]));
        if (data[0] != 8 || data[5] is not (1 or 3))
        {
            throw StandIn.Cannot("read JPEG files that are neither gray nor three colors of 8 bits");
        }

        Components = new JpegComponent[data[5]];
        for (int i = 0; i < Components.Length; i++)
        {
            ReadOnlySpan<byte> part = data.Slice(6 + (3 * i), 3);
            // A single component is never interleaved, whatever its factors say.
            bool single = Components.Length == 1;
            Components[i] = new JpegComponent(part[0], single ? 1 : part[1] >> 4, single ? 1 : part[1] & 15, _quantization[part[2] & 3]);
            _mostHorizontal = Math.Max(_mostHorizontal, Components[i].Horizontal);
            _mostVertical = Math.Max(_mostVertical, Components[i].Vertical);
        }
    }

    private void ReadScan(ReadOnlySpan<byte> data, JpegBitReader bits)
    {
        if (data[0] != Components.Length)
        {
            throw StandIn.Cannot("read JPEG files of several scans");
        }

        int unitsAcross = (Size.Width + (8 * _mostHorizontal) - 1) / (8 * _mostHorizontal);
        int unitsDown = (Size.Height + (8 * _mostVertical) - 1) / (8 * _mostVertical);
        for (int i = 0; i < Components.Length; i++)
        {
            byte tables = data[2 + (2 * i)];
            Components[i].Dc = _huffman[tables >> 4];
            Components[i].Ac = _huffman[16 + (tables & 15)];
            Components[i].Allocate(unitsAcross, unitsDown);
        }

        for (int unit = 0; unit < unitsAcross * unitsDown; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                bits.Restart();
                Array.ForEach(Components, component => component.Restart());
            }

            ReadUnit(bits, unit % unitsAcross, unit / unitsAcross);
        }
    }

    private void ReadUnit(JpegBitReader bits, int column, int row)
    {
        foreach (JpegComponent component in Components)
        {
            for (int y = 0; y < component.Vertical; y++)
            {
                for (int x = 0; x < component.Horizontal; x++)
                {
                    component.ReadBlock(bits, (column * component.Horizontal) + x, (row * component.Vertical) + y);
                }
            }
        }
    }
}
