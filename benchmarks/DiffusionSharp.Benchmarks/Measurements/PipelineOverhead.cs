namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// The pipeline and the bare loop of <see cref="PipelineBenchmarks"/> in turn. On one thread each, so that the pools of the two sides do
/// not compete.
/// </summary>
internal static class PipelineOverhead
{
    public static void Run(int pairs)
    {
        var benchmark = new PipelineBenchmarks { Threads = 1 };
        benchmark.Setup();
        try
        {
            Paired.Compare("pipeline / bare loop, embedded model", pairs, benchmark.BareLoop, () => benchmark.Pipeline());
        }
        finally
        {
            benchmark.Cleanup();
        }
    }
}
