using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Counts what the steps of a run allocate.</summary>
internal static class StepAllocations
{
    /// <summary>Throws where a step of a guided batch, from scaling the model's input to previewing x_0, allocates anything.</summary>
    public static void AreNone(IScheduler scheduler)
    {
        var shape = new SampleShape(2, 3, 8, 8);
        ISchedulerRun run = scheduler.Start(new SamplingPlan(20, shape));
        var noise = new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L));
        var sample = new float[shape.Length];
        var input = new float[shape.Length];
        var prediction = new float[shape.Length];
        noise.Fill(sample);

        long before = 0;
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            // The first steps may allocate what the runtime compiles.
            if (i == 4)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            run.ScaleModelInput(i, sample, input);
            run.PredictOriginal(i, new GuidedPrediction(input, sample, 3), sample, prediction);
            run.Step(i, new GuidedPrediction(input, prediction, 3), sample, sample, noise);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
