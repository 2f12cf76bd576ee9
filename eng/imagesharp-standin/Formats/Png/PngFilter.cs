namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The five row filters (PNG specification, section 9).</summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Turns a filtered row into the row, in place.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int bytesPerPixel)
    {
        if (filter >= Count)
        {
            throw new InvalidImageContentException($"PNG filter {filter} does not exist.");
        }

        for (int i = 0; i < row.Length; i++)
        {
            row[i] += Predict(filter, row, above, i, bytesPerPixel);
        }
    }

    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int bytesPerPixel, Span<byte> filtered)
    {
        for (int i = 0; i < row.Length; i++)
        {
            filtered[i] = (byte)(row[i] - Predict(filter, row, above, i, bytesPerPixel));
        }
    }

    private static byte Predict(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int i, int bytesPerPixel)
    {
        bool first = i < bytesPerPixel;
        int left = first ? 0 : row[i - bytesPerPixel];
        return filter switch
        {
            0 => 0,
            1 => (byte)left,
            2 => above[i],
            3 => (byte)((left + above[i]) / 2),
            _ => Paeth(left, above[i], first ? 0 : above[i - bytesPerPixel]),
        };
    }

    private static byte Paeth(int left, int above, int aboveLeft)
    {
        int estimate = left + above - aboveLeft;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toAboveLeft = Math.Abs(estimate - aboveLeft);
        return (byte)(toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft);
    }
}
