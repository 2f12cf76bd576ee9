namespace DiffusionSharp.Schedulers;

/// <summary>Noise levels along two arctangents, the first from the largest to halfway, the second from there to the smallest.</summary>
internal static class BongTangentSpacing
{
    private const double Pivot = 0.6;

    public static double[] Create(double minimum, double maximum, int count)
    {
        // Two levels more than there are steps: one is where both parts meet, one is where the last step leads, which is replaced.
        int levels = count + 2;
        int first = (int)(levels * Pivot);
        double slope = 0.2 * 40 / levels;
        double middle = (minimum + maximum) / 2;
        double[] sigmas = [.. Part(first, slope, first, maximum, middle)[..^1], .. Part(levels - first, slope, 0, middle, minimum)];
        return count == 1 ? [maximum] : sigmas[..count];
    }

    private static double[] Part(int count, double slope, double pivot, double start, double end)
    {
        double high = At(0);
        double low = At(count - 1);
        var sigmas = new double[count];
        for (int i = 0; i < count; i++)
        {
            sigmas[i] = count == 1 ? start : end + ((At(i) - low) / (high - low) * (start - end));
        }

        return sigmas;

        double At(int step) => Math.Atan(-slope * (step - pivot));
    }
}
