namespace DiffusionSharp.Schedulers.Sigmas;

/// <summary>The timesteps and noise levels of one generation.</summary>
/// <param name="Timesteps">Fractional timesteps, one per step.</param>
/// <param name="Sigmas">Noise levels, one more than there are steps; rounded to float32.</param>
internal sealed record SigmaGrid(double[] Timesteps, double[] Sigmas)
{
    /// <summary>Rounds to float32, as reference implementations keep timesteps and noise levels.</summary>
    public static double[] RoundToSingle(double[] values) => Array.ConvertAll(values, value => (double)(float)value);

    /// <summary>Noise levels with one more at the end.</summary>
    public static double[] Append(double[] sigmas, double last) => [.. sigmas, last];
}
