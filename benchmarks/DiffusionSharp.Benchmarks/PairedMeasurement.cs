using System.Diagnostics;

namespace DiffusionSharp.Benchmarks;

/// <summary>
/// The pipeline and the bare loop in turn, A B A B, with the ratio of each pair: on a machine whose speed drifts, the median of the
/// ratios says more than two means of different minutes. On one thread each, so that the pools of the two sides do not compete.
/// </summary>
internal static class PairedMeasurement
{
    private const int Pairs = 31;

    public static void Run()
    {
        var benchmark = new PipelineBenchmarks { Threads = 1 };
        benchmark.Setup();
        try
        {
            var ratios = new double[Pairs];
            Time(benchmark.BareLoop);
            Time(() => benchmark.Pipeline());
            for (int i = 0; i < Pairs; i++)
            {
                double bare = Time(benchmark.BareLoop);
                double pipeline = Time(() => benchmark.Pipeline());
                ratios[i] = pipeline / bare;
            }

            Array.Sort(ratios);
            Console.WriteLine($"pipeline / bare loop over {Pairs} pairs: median {ratios[Pairs / 2]:0.000}, quartiles {ratios[Pairs / 4]:0.000} and {ratios[Pairs * 3 / 4]:0.000}");
        }
        finally
        {
            benchmark.Cleanup();
        }
    }

    private static double Time(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
