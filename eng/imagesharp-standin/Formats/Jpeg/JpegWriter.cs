using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes one scan, without subsampling, with the example Huffman tables for luminance and color alike.</summary>
internal static class JpegWriter
{
    private const int Side = 8;

    public static byte[] Write<TPixel>(Image<TPixel> image, int quality)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int components = default(TPixel) is L8 ? 1 : 3;
        byte[][] quantization = [JpegTables.Quantization(true, quality), JpegTables.Quantization(false, quality)];

        using var file = new MemoryStream();
        file.Write([0xFF, JpegMarker.Start]);
        WriteSegment(file, JpegMarker.Jfif, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        for (int i = 0; i < Math.Min(2, components); i++)
        {
            byte[] zigzag = new byte[JpegTables.BlockSize];
            for (int k = 0; k < zigzag.Length; k++)
            {
                zigzag[k] = quantization[i][JpegTables.ZigZag[k]];
            }

            WriteSegment(file, JpegMarker.Quantization, [(byte)i, .. zigzag]);
        }

        WriteSegment(file, JpegMarker.Baseline, Frame(image.Width, image.Height, components));
        WriteSegment(file, JpegMarker.Huffman, [0x00, .. JpegTables.Dc.Counts, .. JpegTables.Dc.Symbols]);
        WriteSegment(file, JpegMarker.Huffman, [0x10, .. JpegTables.Ac.Counts, .. JpegTables.Ac.Symbols]);
        WriteSegment(file, JpegMarker.Scan, [(byte)components, .. Enumerable.Range(1, components).SelectMany(id => new byte[] { (byte)id, 0x00 }), 0, 63, 0]);
        WriteScan(file, image, components, quantization);
        file.Write([0xFF, JpegMarker.End]);
        return file.ToArray();
    }

    private static byte[] Frame(int width, int height, int components)
    {
        if (width > ushort.MaxValue || height > ushort.MaxValue)
        {
            throw new ImageProcessingException($"A JPEG image cannot be {width} by {height} pixels: the largest side is {ushort.MaxValue}.");
        }

        return
        [
            8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components,
            .. Enumerable.Range(0, components).SelectMany(i => new byte[] { (byte)(i + 1), 0x11, (byte)Math.Min(i, 1) }),
        ];
    }

    private static void WriteSegment(MemoryStream file, byte marker, ReadOnlySpan<byte> data)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(data.Length + 2));
        file.Write(head);
        file.Write(data);
    }

    private static void WriteScan<TPixel>(MemoryStream file, Image<TPixel> image, int components, byte[][] quantization)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var bits = new JpegBitWriter(file);
        int[] lastDc = new int[components];
        Span<float> block = stackalloc float[JpegTables.BlockSize];
        for (int y = 0; y < image.Height; y += Side)
        {
            for (int x = 0; x < image.Width; x += Side)
            {
                for (int component = 0; component < components; component++)
                {
                    Gather(image, x, y, component, block);
                    JpegDct.Forward(block);
                    WriteBlock(bits, block, quantization[Math.Min(component, 1)], ref lastDc[component]);
                }
            }
        }

        bits.Flush();
    }

    /// <summary>One component of a block of pixels; past the edges the last row and column are repeated.</summary>
    private static void Gather<TPixel>(Image<TPixel> image, int left, int top, int component, Span<float> block)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rgba32 rgba = default;
        for (int i = 0; i < block.Length; i++)
        {
            int x = Math.Min(left + (i % Side), image.Width - 1);
            int y = Math.Min(top + (i / Side), image.Height - 1);
            image.Row(y)[x].ToRgba32(ref rgba);
            block[i] = JpegColor.FromRgb(rgba)[component];
        }
    }

    private static void WriteBlock(JpegBitWriter bits, ReadOnlySpan<float> block, byte[] quantization, ref int lastDc)
    {
        int zeros = 0;
        for (int k = 0; k < block.Length; k++)
        {
            int at = JpegTables.ZigZag[k];
            int value = (int)MathF.Round(block[at] / quantization[at]);
            if (k == 0)
            {
                WriteNumber(bits, JpegTables.Dc, 0, value - lastDc);
                lastDc = value;
            }
            else if (value == 0)
            {
                zeros++;
            }
            else
            {
                for (; zeros > 15; zeros -= 16)
                {
                    JpegTables.Ac.Write(bits, 0xF0);
                }

                WriteNumber(bits, JpegTables.Ac, zeros, value);
                zeros = 0;
            }
        }

        if (zeros > 0)
        {
            JpegTables.Ac.Write(bits, 0x00);
        }
    }

    /// <summary>The run of zeros before a number and its length as a symbol, then its bits (ITU-T T.81, F.1.2).</summary>
    private static void WriteNumber(JpegBitWriter bits, JpegHuffman huffman, int zeros, int value)
    {
        int length = value == 0 ? 0 : int.Log2(Math.Abs(value)) + 1;
        huffman.Write(bits, (zeros << 4) | length);
        bits.Write(value < 0 ? value + (1 << length) - 1 : value, length);
    }
}
