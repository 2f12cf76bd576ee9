namespace DiffusionSharp.Schedulers;

/// <summary>
/// The noise levels of GITS (Chen et al. 2024, arXiv:2405.11326), which found by dynamic programming where sampling trajectories of Stable Diffusion
/// bend. Fixed numbers, whatever the ends of a noise schedule; between more than 20 steps levels lie evenly in log σ.
/// </summary>
public static class GitsSigmas
{
    /// <summary>The coefficient that ComfyUI begins with.</summary>
    public const double DefaultCoefficient = 1.2;

    private static readonly SigmaTable Table = new(NoiseSchedule.ScaledLinear());

    /// <summary>The levels before each step, for <see cref="GenerationRequest.Sigmas"/>; <see cref="SigmaSpacing.Gits"/> takes those of the default coefficient.</summary>
    /// <param name="steps">How many steps, at least 1.</param>
    /// <param name="coefficient">From 0.8, many noisy levels, to 1.5, many clean ones; rounded to the nearest 0.05.</param>
    /// <returns>Falling levels from 14.61.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No step, or another coefficient.</exception>
    public static IReadOnlyList<double> Create(int steps, double coefficient = DefaultCoefficient) => Levels(steps, coefficient);

    internal static double[] Levels(int steps, double coefficient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        double row = Math.Round((coefficient - GitsTable.SmallestCoefficient) / GitsTable.CoefficientStride);
        if (!(row >= 0 && row < GitsTable.Coefficients))
        {
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "GITS has coefficients from 0.8 to 1.5.");
        }

        ReadOnlySpan<byte> visited = GitsTable.Of((int)row, Math.Clamp(steps, 2, GitsTable.MostSteps));
        double[] levels = [Table.Maximum, .. visited.ToArray().Select(k => Table.At((Table.Count - 1) * k / 100.0)), Table.Minimum];
        return LogLinear.Spread(levels, steps);
    }
}
