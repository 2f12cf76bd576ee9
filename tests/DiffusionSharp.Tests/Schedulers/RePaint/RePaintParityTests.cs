using System.Text.Json;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.RePaint;

/// <summary>Whole generations, jumps included, end where those of diffusers' own file end.</summary>
public class RePaintParityTests
{
    public static TheoryData<string> Records() => SchedulerVectors.IdsOf("repaint");

    [Theory]
    [MemberData(nameof(Records))]
    public void A_generation_ends_where_that_of_diffusers_ends(string id)
    {
        JsonElement record = SchedulerVectors.FindMore("repaint", id);
        JsonElement set = record.GetProperty("set_timesteps");
        RePaintOptions options = Assert.IsType<RePaintScheduler>(SchedulerConfig.Create(SchedulerVectors.ConfigText(record))).Options with
        {
            JumpLength = set.GetProperty("jump_length").GetInt32(),
            JumpSamples = set.GetProperty("jump_n_sample").GetInt32(),
        };
        var shape = new SampleShape(SchedulerVectors.Batch, SchedulerVectors.Channels, SchedulerVectors.Side, SchedulerVectors.Side);
        ISchedulerRun run = new RePaintScheduler(options).Start(new SamplingPlan(set.GetProperty("num_inference_steps").GetInt32(), shape)
        {
            KnownRegion = new KnownRegion(SchedulerVectors.Picture(SchedulerVectors.Count), SchedulerVectors.Mask(SchedulerVectors.Count, record.GetProperty("soft").GetBoolean()), default),
        });
        ScheduleAssert.Equal(record.GetProperty("layout"), record, run);

        double tolerance = record.GetProperty("tol").GetDouble();
        double[] trace = [.. record.GetProperty("trace").EnumerateArray().Select(t => t.GetDouble())];
        var noise = new ScriptedNoise(SchedulerVectors.NoiseRowAgain);
        float[] sample = SchedulerVectors.WideSample();
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new GuidedPrediction(SchedulerVectors.Bounded(sample, run.Timesteps[i])), sample, sample, noise);
            Assert.Equal(trace[i], sample.Average(v => Math.Abs((double)v)), tolerance);
        }

        Assert.Equal(record.GetProperty("draws").GetInt32(), noise.Draws);
        SchedulerVectors.AssertEnd(record, sample);
    }
}
