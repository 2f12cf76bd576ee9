namespace DiffusionSharp.Samples.Evaluation;

/// <summary>The outermost pixels of pictures, <c>[3, side, side]</c>.</summary>
internal sealed class PictureBorder(int side)
{
    private const int Channels = 3;

    /// <summary>The border's pixels that have a colour; all of the border where none has.</summary>
    public int[] PixelsOf(byte[] picture, IReadOnlyList<int> rgb)
    {
        int[] all = [.. Enumerable.Range(0, side * side).Where(IsBorder)];
        int[] found = [.. all.Where(pixel => Enumerable.Range(0, Channels).All(channel => picture[(channel * side * side) + pixel] == rgb[channel]))];
        return found.Length > 0 ? found : all;
    }

    /// <summary>The median of these pixels, channel by channel; between two values their mean.</summary>
    public double[] Median(byte[] picture, int[] pixels)
    {
        var median = new double[Channels];
        for (int channel = 0; channel < Channels; channel++)
        {
            int[] values = [.. pixels.Select(pixel => (int)picture[(channel * side * side) + pixel]).Order()];
            median[channel] = (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2.0;
        }

        return median;
    }

    private bool IsBorder(int pixel)
    {
        (int row, int column) = Math.DivRem(pixel, side);
        return row == 0 || column == 0 || row == side - 1 || column == side - 1;
    }
}
