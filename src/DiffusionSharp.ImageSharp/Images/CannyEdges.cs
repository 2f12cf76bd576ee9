using System.Numerics.Tensors;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// The edges of pictures, white on black, as ControlNets of edges were trained with: Canny's detector (1986, "A Computational Approach to Edge Detection") with the choices of
/// OpenCV's <c>Canny</c> on a color picture, to the last pixel. Gradients by Sobel's 3x3 filters of the channel where they are largest, their
/// size |dx| + |dy|, thinned across the edge, followed from strong to weak.
/// </summary>
public static class CannyEdges
{
    private const byte Weak = 1;
    private const byte Strong = 2;
    private const float HalfOfBytes = 127.5f;

    // tan 22.5° in 15 bits; tan 67.5° is by 2 larger.
    private const int Shift = 15;
    private const int Tangent = 13573;

    /// <summary>Finds the edges of pictures.</summary>
    /// <param name="pictures"><c>[B, C, H, W]</c> in [-1, 1].</param>
    /// <param name="low">From which gradient on, in steps of a byte, a pixel continues an edge. Lower finds more.</param>
    /// <param name="high">Above which gradient a pixel begins one; at least <paramref name="low"/>.</param>
    /// <returns><c>[B, 3, H, W]</c>: 1 on an edge, -1 elsewhere, in all channels.</returns>
    /// <exception cref="ArgumentException">The tensor is not of pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is negative, or <paramref name="high"/> below <paramref name="low"/>.</exception>
    public static Tensor<float> Detect(Tensor<float> pictures, int low = 100, int high = 200)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNegative(low);
        ArgumentOutOfRangeException.ThrowIfLessThan(high, low);
        if (pictures.Rank != 4 || pictures.IsEmpty)
        {
            throw new ArgumentException($"Expected pictures [B, C, H, W], found {pictures.ShapeText()}.", nameof(pictures));
        }

        (int count, int channels, int height, int width) = ((int)pictures.Lengths[0], (int)pictures.Lengths[1], (int)pictures.Lengths[2], (int)pictures.Lengths[3]);
        ReadOnlySpan<float> values = pictures.Values();
        var edges = new float[count * 3 * height * width];
        for (int i = 0; i < count; i++)
        {
            int plane = height * width;
            byte[] found = Detect(ToBytes(values.Slice(i * channels * plane, channels * plane)), channels, height, width, low, high);
            for (int p = 0; p < 3 * plane; p++)
            {
                edges[(i * 3 * plane) + p] = found[p % plane] == Strong ? 1 : -1;
            }
        }

        return Tensor.Create(edges, [count, 3, height, width]);
    }

    private static byte[] Detect(byte[] picture, int channels, int height, int width, int low, int high)
    {
        (int[] dx, int[] dy, int[] size) = Gradients(picture, channels, height, width);
        var pixels = new byte[height * width];
        var begun = new Stack<int>();
        for (int p = 0; p < pixels.Length; p++)
        {
            if (size[p] > low && IsRidge(dx, dy, size, p, height, width))
            {
                pixels[p] = size[p] > high ? Strong : Weak;
                if (pixels[p] == Strong)
                {
                    begun.Push(p);
                }
            }
        }

        Follow(pixels, begun, height, width);
        return pixels;
    }

    private static (int[] Dx, int[] Dy, int[] Size) Gradients(byte[] picture, int channels, int height, int width)
    {
        int plane = height * width;
        (int[] dx, int[] dy, int[] size) = (new int[plane], new int[plane], new int[plane]);
        for (int p = 0; p < plane; p++)
        {
            (int y, int x) = Math.DivRem(p, width);
            (int up, int down) = (Math.Max(0, y - 1) * width, Math.Min(height - 1, y + 1) * width);
            (int left, int right, int row) = (Math.Max(0, x - 1), Math.Min(width - 1, x + 1), y * width);
            for (int c = 0; c < channels; c++)
            {
                ReadOnlySpan<byte> v = picture.AsSpan(c * plane, plane);
                int across = v[up + right] + (2 * v[row + right]) + v[down + right] - v[up + left] - (2 * v[row + left]) - v[down + left];
                int along = v[down + left] + (2 * v[down + x]) + v[down + right] - v[up + left] - (2 * v[up + x]) - v[up + right];
                if (c == 0 || Math.Abs(across) + Math.Abs(along) > size[p])
                {
                    (dx[p], dy[p], size[p]) = (across, along, Math.Abs(across) + Math.Abs(along));
                }
            }
        }

        return (dx, dy, size);
    }

    // Whether a gradient is the largest across its edge. Outside of the picture there is none.
    private static bool IsRidge(int[] dx, int[] dy, int[] size, int p, int height, int width)
    {
        (int y, int x) = Math.DivRem(p, width);
        int steep = Math.Abs(dy[p]) << Shift;
        int flat = Math.Abs(dx[p]) * Tangent;
        if (steep < flat)
        {
            return size[p] > At(0, -1) && size[p] >= At(0, 1);
        }

        if (steep > flat + (Math.Abs(dx[p]) << (Shift + 1)))
        {
            return size[p] > At(-1, 0) && size[p] >= At(1, 0);
        }

        int side = (dx[p] ^ dy[p]) < 0 ? -1 : 1;
        return size[p] > At(-1, -side) && size[p] > At(1, side);

        int At(int down, int right) => y + down >= 0 && y + down < height && x + right >= 0 && x + right < width ? size[p + (down * width) + right] : 0;
    }

    // Weak pixels beside strong ones become strong.
    private static void Follow(byte[] pixels, Stack<int> begun, int height, int width)
    {
        while (begun.TryPop(out int p))
        {
            (int y, int x) = Math.DivRem(p, width);
            for (int row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
            {
                for (int column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                {
                    int beside = (row * width) + column;
                    if (pixels[beside] == Weak)
                    {
                        pixels[beside] = Strong;
                        begun.Push(beside);
                    }
                }
            }
        }
    }

    private static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(MathF.Round((values[i] + 1) * HalfOfBytes), byte.MinValue, byte.MaxValue);
        }

        return bytes;
    }
}
