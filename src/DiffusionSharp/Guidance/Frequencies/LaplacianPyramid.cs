using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// A picture as bands of frequencies, each at half the size of the one before (Burt &amp; Adelson 1983): what is left of it when what was halved is
/// doubled again and taken away, and the smallest itself. Halving blurs with the filter [1 4 6 4 1]/16 in both directions, mirrored at
/// the borders, and interpolates linearly; doubling interpolates and blurs. These are Kornia's filters.
/// </summary>
internal sealed class LaplacianPyramid
{
    private const int Least = 3;
    private static readonly Filter Halve = HalvedAt;
    private static readonly Filter Double = DoubledAt;

    private readonly int _planes;
    private readonly (int Height, int Width)[] _sizes;
    private readonly float[][] _bands;
    private readonly float[] _plane;
    private readonly float[] _turned;

    /// <param name="shape">The shape of a sample, of which one picture at a time is split.</param>
    /// <param name="bands">How many, at least 1.</param>
    public LaplacianPyramid(SampleShape shape, int bands)
    {
        _planes = shape.Channels * shape.Frames;
        _sizes = new (int, int)[bands];
        (int height, int width) = (shape.Height, shape.Width);
        for (int k = 0; k < bands; k++, (height, width) = (height / 2, width / 2))
        {
            // The filter is mirrored two values beyond a border.
            if (bands > 1 && Math.Min(height, width) < Least)
            {
                throw new ArgumentException($"A sample of {shape.Height}x{shape.Width} is too small for {bands} bands of frequencies: the lowest must be at least {Least}x{Least}.");
            }

            _sizes[k] = (height, width);
        }

        _bands = Array.ConvertAll(_sizes, size => new float[_planes * size.Height * size.Width]);
        (_plane, _turned) = (new float[shape.Height * shape.Width], new float[shape.Height * shape.Width]);
    }

    private delegate float Filter(ReadOnlySpan<float> line, int at, int length);

    /// <summary>A band <c>[C, h, w]</c>, 0 the highest, which is the whole picture before <see cref="Split"/> and after <see cref="Join"/>.</summary>
    public Span<float> Band(int index) => _bands[index];

    public void Split()
    {
        for (int k = 1; k < _bands.Length; k++)
        {
            for (int i = 0; i < _planes; i++)
            {
                Resize(Halve, Plane(k - 1, i), _sizes[k - 1], Plane(k, i), _sizes[k]);
                TensorPrimitives.Subtract(Plane(k - 1, i), Doubled(k, i), Plane(k - 1, i));
            }
        }
    }

    public void Join()
    {
        for (int k = _bands.Length - 1; k > 0; k--)
        {
            for (int i = 0; i < _planes; i++)
            {
                TensorPrimitives.Add(Plane(k - 1, i), Doubled(k, i), Plane(k - 1, i));
            }
        }
    }

    private Span<float> Doubled(int band, int plane)
    {
        Span<float> doubled = _plane.AsSpan(0, _sizes[band - 1].Height * _sizes[band - 1].Width);
        Resize(Double, Plane(band, plane), _sizes[band], doubled, _sizes[band - 1]);
        return doubled;
    }

    private Span<float> Plane(int band, int plane)
    {
        int length = _sizes[band].Height * _sizes[band].Width;
        return _bands[band].AsSpan(plane * length, length);
    }

    // Along the rows, whose results become columns; and again.
    private void Resize(Filter filter, ReadOnlySpan<float> from, (int Height, int Width) size, Span<float> to, (int Height, int Width) newSize)
    {
        AlongRows(filter, from, size.Width, _turned, newSize.Width);
        AlongRows(filter, _turned.AsSpan(0, size.Height * newSize.Width), size.Height, to, newSize.Height);
    }

    private static void AlongRows(Filter filter, ReadOnlySpan<float> from, int length, Span<float> to, int newLength)
    {
        int rows = from.Length / length;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> line = from.Slice(row * length, length);
            for (int i = 0; i < newLength; i++)
            {
                to[(i * rows) + row] = filter(line, i, newLength);
            }
        }
    }

    private static float HalvedAt(ReadOnlySpan<float> line, int at, int length)
    {
        (int left, int right, float share) = Between(at, line.Length, length);
        return ((1 - share) * BlurredAt(line, left)) + (share * BlurredAt(line, right));
    }

    private static float DoubledAt(ReadOnlySpan<float> line, int at, int length) => Blur(
        InterpolatedAt(line, Mirrored(at - 2, length), length),
        InterpolatedAt(line, Mirrored(at - 1, length), length),
        InterpolatedAt(line, at, length),
        InterpolatedAt(line, Mirrored(at + 1, length), length),
        InterpolatedAt(line, Mirrored(at + 2, length), length));

    private static float BlurredAt(ReadOnlySpan<float> line, int at) => Blur(
        line[Mirrored(at - 2, line.Length)],
        line[Mirrored(at - 1, line.Length)],
        line[at],
        line[Mirrored(at + 1, line.Length)],
        line[Mirrored(at + 2, line.Length)]);

    private static float InterpolatedAt(ReadOnlySpan<float> line, int at, int length)
    {
        (int left, int right, float share) = Between(at, line.Length, length);
        return ((1 - share) * line[left]) + (share * line[right]);
    }

    private static float Blur(float a, float b, float c, float d, float e) => (a + e + (4 * (b + d)) + (6 * c)) / 16;

    private static int Mirrored(int at, int length) => at < 0 ? -at : at < length ? at : (2 * (length - 1)) - at;

    // The two values that a value of another length lies between: centers of values are half a value from their borders.
    private static (int Left, int Right, float Share) Between(int at, int length, int newLength)
    {
        float place = MathF.Max(0, ((at + 0.5f) * length / newLength) - 0.5f);
        int left = (int)place;
        return (left, Math.Min(left + 1, length - 1), place - left);
    }
}
