namespace DiffusionSharp.Schedulers;

/// <summary>Levels between levels that were found for one number of steps.</summary>
internal static class LogLinear
{
    /// <summary>The levels before each of a number of steps, evenly over those that are given and linear in log σ between them; the last of those is where the last step leads, which schedulers replace by that of their own.</summary>
    public static double[] Spread(double[] levels, int count)
    {
        var sigmas = new double[count];
        for (int i = 0; i < count; i++)
        {
            double at = i * (levels.Length - 1) / (double)count;
            int below = (int)at;
            sigmas[i] = Math.Exp(double.Lerp(Math.Log(levels[below]), Math.Log(levels[below + 1]), at - below));
        }

        return sigmas;
    }
}
