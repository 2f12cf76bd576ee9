using DiffusionSharp.Guidance;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>A known region around a run of any scheduler.</summary>
public class KeepsKnownTests
{
    private const int Steps = 4;

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("EulerAncestralDiscreteScheduler")]
    [InlineData("UniPCMultistepScheduler")]
    [InlineData("FlowMatchEulerDiscreteScheduler")]
    public void The_known_part_has_the_level_of_the_next_call_and_is_itself_at_the_end(string name)
    {
        var known = new KnownRegion(KnownSchedulers.Values(1), Array.ConvertAll(KnownSchedulers.Values(2), x => x > 0 ? 1f : 0), KnownSchedulers.Values(3));
        ISchedulerRun inner = KnownSchedulers.Start(name, Steps);
        ISchedulerRun twin = KnownSchedulers.Start(name, Steps);
        var run = new KeepsKnown(inner, known);
        (float[] sample, float[] drawn, float[] noised) = (KnownSchedulers.Values(4), KnownSchedulers.Values(4), new float[known.Original.Length]);
        for (int call = 0; call < run.CallCount; call++)
        {
            float[] prediction = KnownSchedulers.Values(10 + call);
            sample.CopyTo(drawn, 0);
            twin.Step(call, new GuidedPrediction(prediction), drawn, drawn, ScriptedNoise.Always(KnownSchedulers.Values(20 + call)));
            run.Step(call, new GuidedPrediction(prediction), sample, sample, ScriptedNoise.Always(KnownSchedulers.Values(20 + call)));

            bool isLast = call + 1 == run.CallCount;
            if (!isLast)
            {
                run.AddNoise(call + 1, known.Original.Span, known.Noise.Span, noised);
            }

            for (int i = 0; i < sample.Length; i++)
            {
                Assert.Equal(known.Mask.Span[i] == 1 ? drawn[i] : isLast ? known.Original.Span[i] : noised[i], sample[i]);
            }
        }
    }

    [Fact]
    public void Everything_else_is_that_of_the_run_inside()
    {
        ISchedulerRun inner = KnownSchedulers.Start("HeunDiscreteScheduler", Steps);
        var run = new KeepsKnown(inner, new KnownRegion(new float[1], new float[1], new float[1]));
        Assert.Equal((inner.CallCount, inner.TrainingTimesteps, inner.InitialNoiseScale), (run.CallCount, run.TrainingTimesteps, run.InitialNoiseScale));
        Assert.Equal(inner.LevelAt(2), run.LevelAt(2));
        Assert.Equal((1, 4), (run.StepOf(2), run.FirstCallOf(2)));
        Assert.Equal(State(inner), State(run));

        float[] values = KnownSchedulers.Values(1);
        (float[] expected, float[] actual) = (new float[values.Length], new float[values.Length]);
        inner.PrepareInput(1, values, expected);
        run.PrepareInput(1, values, actual);
        Assert.Equal(expected, actual);
        inner.PredictOriginal(1, new GuidedPrediction(values), values, expected);
        run.PredictOriginal(1, new GuidedPrediction(values), values, actual);
        Assert.Equal(expected, actual);
    }

    private static byte[] State(ISchedulerRun run)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        run.Save(writer);
        return stream.ToArray();
    }
}
