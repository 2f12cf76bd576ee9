namespace DiffusionSharp.Samples.Evaluation;

/// <summary>The sums of the 16x16 squares that a picture's bytes are divided into: what pictures are compared by. Whole numbers, so distances are exact.</summary>
internal static class PooledPicture
{
    private const int Squares = 16;
    private const int Channels = 3;

    /// <summary>Pools a part of a picture.</summary>
    /// <param name="picture">The picture, <c>[3, side, side]</c>.</param>
    /// <param name="side">Height and width.</param>
    /// <param name="part">The part, its bounds multiples of a square's.</param>
    public static short[] Of(ReadOnlySpan<byte> picture, int side, PicturePart part)
    {
        int square = side / Squares;
        int columns = part.Width / square;
        int rows = part.Height / square;
        var sums = new short[Channels * rows * columns];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int y = 0; y < part.Height; y++)
            {
                ReadOnlySpan<byte> line = picture.Slice((((channel * side) + part.Top + y) * side) + part.Left, part.Width);
                Span<short> target = sums.AsSpan(((channel * rows) + (y / square)) * columns, columns);
                for (int x = 0; x < line.Length; x++)
                {
                    target[x / square] += line[x];
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
