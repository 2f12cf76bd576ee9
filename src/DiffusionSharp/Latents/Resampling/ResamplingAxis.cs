namespace DiffusionSharp.Latents;

/// <summary>Which values of one side make a value of the resampled side, and with which weights; the middle of a value is at half a place, values beyond the edge are those at the edge.</summary>
internal sealed class ResamplingAxis
{
    private const double Cubic = -0.75;

    private readonly int[] _places;
    private readonly float[] _weights;

    public ResamplingAxis(int from, int to, Resampling resampling)
    {
        Taps = resampling switch
        {
            Resampling.Nearest => 1,
            Resampling.Bilinear => 2,
            Resampling.Bicubic => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(resampling), resampling, "Unknown resampling."),
        };
        (Length, _places, _weights) = (to, new int[to * Taps], new float[to * Taps]);
        for (int i = 0; i < to; i++)
        {
            // What is nearest is decided by where a value begins, as PyTorch's does.
            double at = Taps == 1 ? i * (double)from / to : ((i + 0.5) * from / to) - 0.5;
            double below = Math.Floor(at);
            for (int tap = 0; tap < Taps; tap++)
            {
                double place = below + tap + 1 - Math.Max(1, Taps / 2);
                _places[(i * Taps) + tap] = (int)Math.Clamp(place, 0, from - 1);
                _weights[(i * Taps) + tap] = (float)Weight(Math.Abs(at - place), Taps);
            }
        }
    }

    /// <summary>The length of the resampled side.</summary>
    public int Length { get; }

    /// <summary>How many values make one.</summary>
    public int Taps { get; }

    public (int Place, float Weight) Tap(int index, int tap) => (_places[(index * Taps) + tap], _weights[(index * Taps) + tap]);

    private static double Weight(double distance, int taps) => (taps, distance) switch
    {
        (1, _) => 1,
        (2, _) => 1 - distance,
        (_, <= 1) => ((((Cubic + 2) * distance) - (Cubic + 3)) * distance * distance) + 1,
        _ => Cubic * ((((((distance - 5) * distance) + 8) * distance) - 4)),
    };
}
