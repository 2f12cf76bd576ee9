namespace DiffusionSharp.Latents;

/// <summary>Which values of one side make a value of the resampled side, and with which weights; the middle of a value is at half a place, values beyond the edge are those at the edge.</summary>
internal sealed class ResamplingAxis
{
    private readonly int[] _places;
    private readonly float[] _weights;

    public ResamplingAxis(int from, int to, Resampling resampling)
    {
        Taps = resampling switch
        {
            Resampling.Nearest => 1,
            Resampling.Bilinear or Resampling.BilinearCorners => 2,
            Resampling.Bicubic or Resampling.BicubicInside => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(resampling), resampling, "Unknown resampling."),
        };
        (Length, _places, _weights) = (to, new int[to * Taps], new float[to * Taps]);
        for (int i = 0; i < to; i++)
        {
            // What is nearest is decided by where a value begins, as PyTorch's does.
            double at = resampling switch
            {
                Resampling.Nearest => i * (double)from / to,
                Resampling.BilinearCorners => i * ((from - 1) / Math.Max(1.0, to - 1)),
                _ => ((i + 0.5) * from / to) - 0.5,
            };
            double first = Math.Floor(at) + 1 - Math.Max(1, Taps / 2);
            double inside = resampling == Resampling.BicubicInside ? Enumerable.Range(0, Taps).Sum(tap => IsInside(first + tap, from) ? Weight(Math.Abs(at - first - tap), resampling) : 0) : 1;
            for (int tap = 0; tap < Taps; tap++)
            {
                double place = first + tap;
                bool counts = resampling != Resampling.BicubicInside || IsInside(place, from);
                _places[(i * Taps) + tap] = (int)Math.Clamp(place, 0, from - 1);
                _weights[(i * Taps) + tap] = counts ? (float)(Weight(Math.Abs(at - place), resampling) / inside) : 0;
            }
        }
    }

    /// <summary>The length of the resampled side.</summary>
    public int Length { get; }

    /// <summary>How many values make one.</summary>
    public int Taps { get; }

    public (int Place, float Weight) Tap(int index, int tap) => (_places[(index * Taps) + tap], _weights[(index * Taps) + tap]);

    private static bool IsInside(double place, int length) => place >= 0 && place < length;

    private static double Weight(double distance, Resampling resampling) => resampling switch
    {
        Resampling.Nearest => 1,
        Resampling.Bilinear or Resampling.BilinearCorners => 1 - distance,
        Resampling.Bicubic => Cubic(distance, -0.75),
        _ => Cubic(distance, -0.5),
    };

    private static double Cubic(double distance, double a) => distance <= 1
        ? ((((a + 2) * distance) - (a + 3)) * distance * distance) + 1
        : a * (((((distance - 5) * distance) + 8) * distance) - 4);
}
