namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// Scales a picture of bytes with a cubic of coefficient -0.5 that widens when it shrinks, rows first and then columns, rounded to bytes between:
/// what Pillow calls bicubic and the processors of pictures are trained with, to the last bit.
/// </summary>
internal static class AntialiasedBicubic
{
    // Pillow's fixed point for bytes.
    private const int Precision = 22;
    private const double Support = 2;
    private const double Coefficient = -0.5;

    /// <summary>Scales one channel.</summary>
    /// <param name="channel">The channel, row-major.</param>
    /// <param name="from">Its width and height.</param>
    /// <param name="to">The width and height to give it.</param>
    /// <returns>The scaled channel.</returns>
    public static byte[] Resize(byte[] channel, (int Width, int Height) from, (int Width, int Height) to)
    {
        if (from.Width != to.Width)
        {
            channel = Along(channel, from.Width, to.Width, lines: from.Height, step: 1, lineStep: from.Width, newStep: 1, newLineStep: to.Width);
        }

        return from.Height == to.Height
            ? channel
            : Along(channel, from.Height, to.Height, lines: to.Width, step: to.Width, lineStep: 1, newStep: to.Width, newLineStep: 1);
    }

    private static byte[] Along(byte[] values, int size, int newSize, int lines, int step, int lineStep, int newStep, int newLineStep)
    {
        var result = new byte[lines * newSize];
        for (int i = 0; i < newSize; i++)
        {
            (int first, int[] weights) = Weights(i, size, newSize);
            for (int line = 0; line < lines; line++)
            {
                int sum = 1 << (Precision - 1);
                for (int k = 0; k < weights.Length; k++)
                {
                    sum += values[(line * lineStep) + ((first + k) * step)] * weights[k];
                }

                result[(line * newLineStep) + (i * newStep)] = (byte)Math.Clamp(sum >> Precision, byte.MinValue, byte.MaxValue);
            }
        }

        return result;
    }

    private static (int First, int[] Weights) Weights(int index, int size, int newSize)
    {
        double scale = (double)size / newSize;
        double spread = Math.Max(1, scale);
        double center = (index + 0.5) * scale;
        int first = Math.Max(0, (int)(center - (Support * spread) + 0.5));
        int end = Math.Min(size, (int)(center + (Support * spread) + 0.5));
        double[] weights = [.. Enumerable.Range(first, end - first).Select(x => Cubic((x - center + 0.5) / spread))];
        double total = weights.Sum();
        return (first, Array.ConvertAll(weights, weight => (int)Math.Round(weight / total * (1 << Precision), MidpointRounding.AwayFromZero)));
    }

    // Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing".
    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((((Coefficient + 2) * x) - (Coefficient + 3)) * x * x) + 1,
            < 2 => ((((x - 5) * x) + 8) * x - 4) * Coefficient,
            _ => 0,
        };
    }
}
