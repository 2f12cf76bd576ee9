using System.Numerics.Tensors;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>Sizes, parts and colours of pictures <c>[1, C, H, W]</c>.</summary>
internal static class Pictures
{
    public const int Red = 0;
    public const int Green = 1;
    public const int Blue = 2;

    // What is less bright in a channel is not white: three quarters of the way up from black.
    private const float White = 0.5f;

    /// <summary>Means of squares of <paramref name="factor"/> pixels a side.</summary>
    public static Tensor<float> Shrink(Tensor<float> picture, int factor)
    {
        (int height, int width) = ((int)picture.Lengths[2] / factor, (int)picture.Lengths[3] / factor);
        return Create((int)picture.Lengths[1], height, width, (c, y, x) =>
        {
            float sum = 0;
            for (int i = 0; i < factor * factor; i++)
            {
                sum += picture[0, c, (y * factor) + (i / factor), (x * factor) + (i % factor)];
            }

            return sum / (factor * factor);
        });
    }

    /// <summary>Twice the size, bilinearly between the centres of pixels: torch's <c>interpolate</c> with <c>align_corners=False</c>.</summary>
    public static Tensor<float> Enlarge(Tensor<float> picture)
    {
        (int height, int width) = ((int)picture.Lengths[2], (int)picture.Lengths[3]);
        return Create((int)picture.Lengths[1], 2 * height, 2 * width, (c, y, x) =>
        {
            (int top, int bottom, float down) = Neighbours(y, height);
            (int left, int right, float along) = Neighbours(x, width);
            float above = picture[0, c, top, left] + (along * (picture[0, c, top, right] - picture[0, c, top, left]));
            float below = picture[0, c, bottom, left] + (along * (picture[0, c, bottom, right] - picture[0, c, bottom, left]));
            return above + (down * (below - above));
        });
    }

    /// <summary>Some columns of a picture.</summary>
    public static Tensor<float> Columns(Tensor<float> picture, Range columns)
    {
        (int start, int count) = columns.GetOffsetAndLength((int)picture.Lengths[3]);
        return Create((int)picture.Lengths[1], (int)picture.Lengths[2], count, (c, y, x) => picture[0, c, y, start + x]);
    }

    /// <summary>One picture left of another.</summary>
    public static Tensor<float> Beside(Tensor<float> left, Tensor<float> right)
    {
        int width = (int)left.Lengths[3];
        return Create((int)left.Lengths[1], (int)left.Lengths[2], 2 * width, (c, y, x) => x < width ? left[0, c, y, x] : right[0, c, y, x - width]);
    }

    public static Tensor<float> UpsideDown(Tensor<float> picture)
    {
        int height = (int)picture.Lengths[2];
        return Create((int)picture.Lengths[1], height, (int)picture.Lengths[3], (c, y, x) => picture[0, c, height - 1 - y, x]);
    }

    /// <summary>1 where a picture is not white, else 0, <c>[1, 1, H, W]</c>.</summary>
    public static Tensor<float> NotWhite(Tensor<float> picture) => Create(1, (int)picture.Lengths[2], (int)picture.Lengths[3], (_, y, x) =>
        Math.Min(Math.Min(picture[0, Red, y, x], picture[0, Green, y, x]), picture[0, Blue, y, x]) < White ? 1 : 0);

    /// <summary>The area that two shapes of zeros and ones share, as a part of what they cover together.</summary>
    public static double IntersectionOverUnion(Tensor<float> first, Tensor<float> second) =>
        TensorPrimitives.Dot(first.Values(), second.Values()) / UnionOf(first, second);

    /// <summary>The mean of a channel, 0 to 255, over the pixels of a part.</summary>
    public static double Mean(Tensor<float> picture, int channel, Func<int, int, bool> isPart)
    {
        (double sum, int count) = (0, 0);
        for (int y = 0; y < picture.Lengths[2]; y++)
        {
            for (int x = 0; x < picture.Lengths[3]; x++)
            {
                if (isPart(x, y))
                {
                    sum += Reference.ToByte(picture[0, channel, y, x]);
                    count++;
                }
            }
        }

        return sum / count;
    }

    public static Tensor<float> Create(int channels, int height, int width, Func<int, int, int, float> value)
    {
        var picture = Tensor.CreateFromShape<float>([1, channels, height, width]);
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    picture[0, c, y, x] = value(c, y, x);
                }
            }
        }

        return picture;
    }

    private static float UnionOf(Tensor<float> first, Tensor<float> second)
    {
        var union = new float[first.FlattenedLength];
        TensorPrimitives.Max(first.Values(), second.Values(), union);
        return TensorPrimitives.Sum<float>(union);
    }

    private static (int Before, int After, float Part) Neighbours(int position, int length)
    {
        float source = Math.Max(((position + 0.5f) / 2) - 0.5f, 0);
        int before = (int)source;
        return (before, Math.Min(before + 1, length - 1), source - before);
    }
}
