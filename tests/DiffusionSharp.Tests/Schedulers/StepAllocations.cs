using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Counts what the steps of a run allocate.</summary>
internal static class StepAllocations
{
    private const int Steps = 4;

    /// <summary>Throws where a step of a guided batch, from scaling the model's input to previewing x_0, allocates anything.</summary>
    public static void AreNone(IScheduler scheduler)
    {
        var shape = new SampleShape(2, 3, 8, 8);
        ISchedulerRun run = scheduler.Start(new SamplingPlan(5 * Steps, shape));
        var noise = new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L));
        var sample = new float[shape.Length];
        var input = new float[shape.Length];
        var prediction = new float[shape.Length];
        noise.Fill(sample);

        double[] weights = Guided.Weights(3);
        int index = 0;
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int i = 0; i < Steps; i++)
            {
                run.PrepareInput(index, sample, input, noise);
                run.PredictOriginal(index, Guided.By(weights, input, sample), sample, prediction);
                run.Step(index, Guided.By(weights, input, prediction), sample, sample, noise);
                index++;
            }
        }));
    }
}
