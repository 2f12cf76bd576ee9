using System.Diagnostics;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// Two things timed in turn, A B A B, with the ratio of each pair: on a machine whose speed drifts, the median of the ratios says more
/// than two means of different minutes.
/// </summary>
internal static class Paired
{
    /// <summary>Prints the median and quartiles of <paramref name="candidate"/> / <paramref name="baseline"/>, of single runs.</summary>
    /// <param name="name">What is compared.</param>
    /// <param name="pairs">How many pairs; one more goes first and is not counted.</param>
    /// <param name="baseline">What is divided by.</param>
    /// <param name="candidate">What is measured.</param>
    /// <param name="repeats">Runs of each within one timing, for things too short to time alone.</param>
    /// <param name="pause">Before each timing, for the threads of the other side to stop spinning.</param>
    public static void Compare(string name, int pairs, Action baseline, Action candidate, int repeats = 1, TimeSpan pause = default)
    {
        (double[] ratios, double[] seconds) = Ratios(pairs, baseline, candidate, repeats, pause);
        Console.WriteLine($"{name}: {Quartiles.Of(ratios):0.000}, {pairs} pairs, one of it takes {Quartiles.Of(seconds).Median * 1e3:0.000} ms");
    }

    /// <summary>The ratio of each pair, and what one run of <paramref name="candidate"/> took in it, in seconds.</summary>
    /// <inheritdoc cref="Compare" path="/param"/>
    public static (double[] Ratios, double[] Seconds) Ratios(int pairs, Action baseline, Action candidate, int repeats = 1, TimeSpan pause = default)
    {
        var ratios = new double[pairs];
        var seconds = new double[pairs];
        Time(baseline, repeats, pause);
        Time(candidate, repeats, pause);
        for (int i = 0; i < pairs; i++)
        {
            double bare = Time(baseline, repeats, pause);
            double time = Time(candidate, repeats, pause);
            (ratios[i], seconds[i]) = (time / bare, time / repeats);
        }

        return (ratios, seconds);
    }

    private static double Time(Action action, int repeats, TimeSpan pause)
    {
        Thread.Sleep(pause);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
