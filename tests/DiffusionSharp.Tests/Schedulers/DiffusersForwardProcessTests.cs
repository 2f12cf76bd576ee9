using System.Text.Json;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Noised samples and velocities are those that diffusers computes.</summary>
public class DiffusersForwardProcessTests
{
    // A value is the sum of two products of rounded numbers below 2, themselves square roots of rounded table entries.
    private const double Tolerance = 16 * Approximate.Roundoff;

    // Noise levels σ of schedulers that have them are equal to 2e-6, and scale the sample.
    private const double SigmaTolerance = 2e-6;

    public static TheoryData<int> NoisedSamples() => Known("add_noise", name => SchedulerConfig.KnownClasses.Contains(name));

    // EulerDiscreteScheduler.get_velocity is wrong in diffusers; the others have no such record.
    public static TheoryData<int> Velocities() => Known("get_velocity", name => name is "DDPMScheduler" or "DDIMScheduler" or "LCMScheduler" or "TCDScheduler");

    [Theory]
    [MemberData(nameof(NoisedSamples))]
    public void A_noised_sample_is_that_of_diffusers(int record)
    {
        JsonElement expected = SchedulerVectors.All.GetProperty("add_noise")[record];
        int index = expected.GetProperty("timestep_indices")[0].GetInt32();
        int steps = expected.GetProperty("set_timesteps").GetProperty("num_inference_steps").GetInt32();
        ISchedulerRun run = SchedulerConfig.Create(SchedulerVectors.ConfigText(expected)).Start(new SamplingPlan(steps, new SampleShape(4, 3, 8, 8)));
        Assert.Equal(expected.GetProperty("timesteps")[0].GetDouble(), run.Timesteps[index], 1e-3);

        var actual = new float[SchedulerVectors.Count];
        run.AddNoise(index, SchedulerVectors.WideSample(), SchedulerVectors.DummyNoise(), actual);

        AssertSame(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Velocities))]
    public void A_velocity_is_that_of_diffusers(int record)
    {
        JsonElement expected = SchedulerVectors.All.GetProperty("get_velocity")[record];
        NoiseSchedule schedule = ((IDiscreteScheduler)SchedulerConfig.Create(SchedulerVectors.ConfigText(expected))).Options.Schedule;

        var actual = new float[SchedulerVectors.Count];
        schedule.Velocity(SchedulerVectors.WideSample(), SchedulerVectors.DummyNoise(), expected.GetProperty("timesteps")[0].GetInt32(), actual);

        AssertSame(expected, actual);
    }

    private static TheoryData<int> Known(string list, Predicate<string> isKnown)
    {
        var records = new TheoryData<int>();
        int count = SchedulerVectors.All.GetProperty(list).GetArrayLength();
        for (int i = 0; i < count; i++)
        {
            if (isKnown(SchedulerVectors.All.GetProperty(list)[i].GetProperty("scheduler").GetString()!))
            {
                records.Add(i);
            }
        }

        return records;
    }

    private static void AssertSame(JsonElement expected, float[] actual)
    {
        AssertValues(expected.GetProperty("first16"), actual.AsSpan(0, 16));
        AssertValues(expected.GetProperty("last4"), actual.AsSpan(actual.Length - 4));
        double mean = expected.GetProperty("abs_mean").GetDouble();
        double tolerance = Math.Max(Tolerance, SigmaTolerance * mean);
        Assert.Equal(mean, actual.Average(v => Math.Abs((double)v)), tolerance);
        Assert.Equal(expected.GetProperty("sum").GetDouble(), actual.Sum(v => (double)v), tolerance * actual.Length);
    }

    private static void AssertValues(JsonElement expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            double value = expected[i].GetDouble();
            Assert.Equal(value, actual[i], Math.Max(Tolerance, SigmaTolerance * Math.Abs(value)));
        }
    }
}
