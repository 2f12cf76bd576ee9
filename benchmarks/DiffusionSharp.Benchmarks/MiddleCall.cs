using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Benchmarks;

/// <summary>A model call in the middle of a generation, for benchmarks of one call alone.</summary>
internal static class MiddleCall
{
    public static StepPoint Of(SampleShape shape)
    {
        ISchedulerRun run = new DdimScheduler(DdimOptions.StableDiffusion).Start(new SamplingPlan(30, shape));
        return new GenerationCourse(0, run.CallCount).PointOf(run.CallCount / 2, run);
    }
}
