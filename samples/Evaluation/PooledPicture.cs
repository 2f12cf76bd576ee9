namespace DiffusionSharp.Samples.Evaluation;

/// <summary>The sums of the 4x4 squares of a picture's bytes, 16 times their means: what pictures are compared by. Whole numbers, so distances are exact.</summary>
internal static class PooledPicture
{
    private const int Square = 4;
    private const int Channels = 3;

    /// <summary>Pools a part of a picture.</summary>
    /// <param name="picture">The picture, <c>[3, side, side]</c>.</param>
    /// <param name="side">Height and width.</param>
    /// <param name="part">The part, its bounds multiples of 4.</param>
    public static short[] Of(ReadOnlySpan<byte> picture, int side, PicturePart part)
    {
        int columns = part.Width / Square;
        int rows = part.Height / Square;
        var sums = new short[Channels * rows * columns];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int y = 0; y < part.Height; y++)
            {
                ReadOnlySpan<byte> line = picture.Slice((((channel * side) + part.Top + y) * side) + part.Left, part.Width);
                Span<short> target = sums.AsSpan(((channel * rows) + (y / Square)) * columns, columns);
                for (int x = 0; x < line.Length; x++)
                {
                    target[x / Square] += line[x];
                }
            }
        }

        return sums;
    }

    /// <summary>The sum of the squared differences.</summary>
    public static long Distance(short[] first, short[] second)
    {
        long sum = 0;
        for (int i = 0; i < first.Length; i++)
        {
            int difference = first[i] - second[i];
            sum += difference * difference;
        }

        return sum;
    }
}
