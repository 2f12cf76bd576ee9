namespace DiffusionSharp.Schedulers;

/// <summary>The timesteps and noise levels of one generation.</summary>
/// <param name="Timesteps">Fractional timesteps, one per step.</param>
/// <param name="Sigmas">Noise levels, one more than there are steps; rounded to float32.</param>
internal sealed record SigmaGrid(double[] Timesteps, double[] Sigmas)
{
    /// <summary>Noise levels of a plan's own, one per step, checked: at least one, positive and falling.</summary>
    public static double[] CheckCustom(IReadOnlyList<double> sigmas)
    {
        if (sigmas.Count == 0)
        {
            throw new ArgumentException("The list of noise levels is empty.", nameof(sigmas));
        }

        for (int i = 0; i < sigmas.Count; i++)
        {
            if (!(sigmas[i] > 0) || !double.IsFinite(sigmas[i]) || (i > 0 && sigmas[i] >= sigmas[i - 1]))
            {
                throw new ArgumentException($"Noise levels must be positive and fall strictly, but number {i} is {sigmas[i]}.", nameof(sigmas));
            }
        }

        return [.. sigmas];
    }

    /// <summary>Standard deviation of the noise that a generation starts from; leading spacing leaves the noisiest timesteps out, so there the signal's own unit variance counts.</summary>
    public double InitialNoiseScale(TimestepSpacing spacing)
    {
        double maximum = Sigmas.Max();
        return spacing == TimestepSpacing.Leading ? Math.Sqrt((maximum * maximum) + 1) : maximum;
    }

    /// <summary>The grid of methods that ask the model a second time within each step but the last, which goes to no noise.</summary>
    /// <param name="secondTimesteps">The timestep of the second call of each step but the last.</param>
    /// <param name="secondSigmas">The noise level there.</param>
    public SigmaGrid WithSecondCalls(ReadOnlySpan<double> secondTimesteps, ReadOnlySpan<double> secondSigmas)
    {
        var timesteps = new double[(2 * Timesteps.Length) - 1];
        var sigmas = new double[2 * Timesteps.Length];
        for (int i = 0; i < Timesteps.Length; i++)
        {
            (timesteps[2 * i], sigmas[2 * i]) = (Timesteps[i], Sigmas[i]);
            if (i < Timesteps.Length - 1)
            {
                (timesteps[(2 * i) + 1], sigmas[(2 * i) + 1]) = (secondTimesteps[i], secondSigmas[i]);
            }
        }

        sigmas[^1] = Sigmas[^1];
        return new SigmaGrid(RoundToSingle(timesteps), RoundToSingle(sigmas));
    }

    /// <summary>Rounds to float32, as reference implementations keep timesteps and noise levels.</summary>
    public static double[] RoundToSingle(double[] values) => Array.ConvertAll(values, value => (double)(float)value);

    /// <summary>Noise levels with one more at the end.</summary>
    public static double[] Append(double[] sigmas, double last) => [.. sigmas, last];
}
