using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Noise;

namespace DiffusionSharp.Tests.Schedulers.Kernels;

/// <summary>Results that go around the cache must be the same ones.</summary>
public class LargeBatchTests
{
    // one image is cached, two are streamed; no width of a vector divides it
    private static readonly SampleShape Image = new(1, 4, 257, 131);

    public static TheoryData<string> Schedulers => ["DDIM", "DDIM clipped", "DDIM with noise", "DPM++ 3M", "DPM++ 3M thresholded", "UniPC"];

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void An_image_has_the_same_bits_alone_and_in_a_large_batch(string name)
    {
        IScheduler scheduler = Create(name);
        SampleShape pair = Image.WithBatch(2);
        Assert.False(StreamingStore.Suits(Image.Length));
        Assert.True(StreamingStore.Suits(pair.Length));

        float[] batch = Generate(scheduler, pair, 0);

        TorchRngVectors.AssertSameBits(Generate(scheduler, Image, 0), batch.AsSpan(0, Image.Length));
        TorchRngVectors.AssertSameBits(Generate(scheduler, Image, Image.Length), batch.AsSpan(Image.Length));
    }

    [Fact]
    public void A_sum_has_the_same_bits_wherever_it_lies_in_memory()
    {
        const int Length = (1 << 18) + 5;
        float[] values = [.. Enumerable.Range(0, Length + 40).Select(i => MathF.Sin(i))];
        for (int start = 0; start < 20; start++)
        {
            var streamed = new float[Length + 40];
            LinearCombination.Compute(0.3f, values.AsSpan(0, Length), 0.7f, values.AsSpan(3, Length), -1.1f, values.AsSpan(7, Length), streamed.AsSpan(start, Length));
            for (int i = 0; i < Length; i += 4099)
            {
                Assert.Equal((values[i] * 0.3f) + (values[i + 3] * 0.7f) + (values[i + 7] * -1.1f), streamed[start + i]);
            }

            Assert.All(streamed[..start], v => Assert.Equal(0, v));
            Assert.All(streamed[(start + Length)..], v => Assert.Equal(0, v));
        }
    }

    private static IScheduler Create(string name) => name switch
    {
        "DDIM" => new DdimScheduler(DdimOptions.StableDiffusion),
        "DDIM clipped" => new DdimScheduler(new DdimOptions()),
        "DDIM with noise" => new DdimScheduler(DdimOptions.StableDiffusion with { Eta = 1 }),
        "DPM++ 3M" => new DpmSolverScheduler(new DpmSolverOptions { SolverOrder = 3 }),
        "DPM++ 3M thresholded" => new DpmSolverScheduler(new DpmSolverOptions { SolverOrder = 3, Clipping = SampleClipping.DynamicThreshold() }),
        _ => new UniPcScheduler(new UniPcOptions()),
    };

    // Values depend on their place in the batch of two.
    private static float[] Generate(IScheduler scheduler, SampleShape shape, int offset)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(5, shape));
        float[] sample = Values(1);
        float[] next = new float[sample.Length];
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, Guided.By(4, Values(i + 2), Values(i + 20)), sample, next, ScriptedNoise.Always(Values(i + 40)));
            (sample, next) = (next, sample);
        }

        return sample;

        float[] Values(int row) => [.. Enumerable.Range(offset, shape.Length).Select(i => MathF.Sin(i * 0.7f * row))];
    }
}
