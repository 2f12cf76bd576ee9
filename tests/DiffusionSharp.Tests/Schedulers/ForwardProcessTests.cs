using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Laws of the forward process.</summary>
public class ForwardProcessTests
{
    private static readonly NamedSchedule[] Schedules =
    [
        new("linear", NoiseSchedule.Linear()),
        new("scaled linear", NoiseSchedule.ScaledLinear()),
        new("squared cosine", NoiseSchedule.SquaredCosine()),
    ];

    private static readonly Gen<(NamedSchedule Named, int Timestep, float Original, float Noise)> Cases =
        from named in Gen.Elements(Schedules)
        from timestep in Gen.Choose(0, named.Schedule.TrainingTimesteps - 1)
        from original in Gen.Choose(-1000, 1000)
        from noise in Gen.Choose(-4000, 4000)
        select (named, timestep, original / 1000f, noise / 1000f);

    public static TheoryData<int> Indices() => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Noising_step_by_step_has_the_moments_of_noising_at_once(int index)
    {
        NoiseSchedule schedule = Schedules[index].Schedule;
        double mean = 1;
        double variance = 0;
        double rounding = 0;
        for (int t = 0; t < schedule.TrainingTimesteps; t++)
        {
            // What one step makes of a signal alone and of noise alone are its two weights; x_{t-1} and ε are independent.
            double signal = Step(schedule, 1, 0, t);
            double noise = Step(schedule, 0, 1, t);
            mean *= signal;
            variance = (signal * signal * variance) + (noise * noise);

            // A root, its rounding and that of ᾱ per step; a rounded 1 - β moves it most where β is near 1.
            rounding += 4 * Approximate.Roundoff / (1 - schedule.Betas[t]);
            Assert.Equal(AddNoise(schedule, 1, 0, t), mean, rounding * mean);
            Assert.Equal(Math.Pow(AddNoise(schedule, 0, 1, t), 2), variance, rounding);
        }
    }

    [Fact]
    public void Variance_is_preserved() => Property.Holds(Cases, given =>
    {
        // Weights of signal and noise are a cosine and a sine.
        double signal = AddNoise(given.Named.Schedule, 1, 0, given.Timestep);
        double noise = AddNoise(given.Named.Schedule, 0, 1, given.Timestep);
        Assert.Equal(1, (signal * signal) + (noise * noise), 4 * Approximate.Roundoff);
    });

    [Fact]
    public void The_original_and_the_noise_can_be_had_back_from_sample_and_velocity() => Property.Holds(Cases, given =>
    {
        // arXiv:2202.00512, appendix D: x_0 = cos·x - sin·v and ε = sin·x + cos·v.
        (NamedSchedule named, int t, float original, float noise) = given;
        double x = AddNoise(named.Schedule, original, noise, t);
        double v = Velocity(named.Schedule, original, noise, t);
        double cosine = Math.Sqrt(named.Schedule.AlphaBar[t]);
        double sine = Math.Sqrt(1 - named.Schedule.AlphaBar[t]);
        double tolerance = 8 * Approximate.Roundoff * (Math.Abs(original) + Math.Abs(noise));
        Assert.Equal(original, (cosine * x) - (sine * v), tolerance);
        Assert.Equal(noise, (sine * x) + (cosine * v), tolerance);
    });

    [Fact]
    public void Results_may_overwrite_either_input()
    {
        NoiseSchedule schedule = NoiseSchedule.Linear();
        float[] original = [1, -0.5f, 0.25f];
        float[] noise = [0.1f, 2, -3];
        var expected = new float[3];
        schedule.AddNoise(original, noise, 500, expected);
        float[] first = [.. original];
        float[] second = [.. noise];
        schedule.AddNoise(first, noise, 500, first);
        schedule.AddNoise(original, second, 500, second);
        Assert.Equal(expected, first);
        Assert.Equal(expected, second);
    }

    [Fact]
    public void A_timestep_outside_of_the_schedule_is_refused_with_the_range()
    {
        NoiseSchedule schedule = NoiseSchedule.Linear(50);
        foreach (int t in (int[])[-1, 50])
        {
            Assert.Contains("[0, 49]", Assert.Throws<ArgumentOutOfRangeException>(() => AddNoise(schedule, 1, 0, t)).Message, StringComparison.Ordinal);
            Assert.Contains("[0, 49]", Assert.Throws<ArgumentOutOfRangeException>(() => Step(schedule, 1, 0, t)).Message, StringComparison.Ordinal);
            Assert.Contains("[0, 49]", Assert.Throws<ArgumentOutOfRangeException>(() => Velocity(schedule, 1, 0, t)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        NoiseSchedule schedule = NoiseSchedule.Linear();
        Assert.Throws<ArgumentException>(() => schedule.AddNoise(new float[3], new float[2], 0, new float[3]));
        Assert.Throws<ArgumentException>(() => schedule.AddNoise(new float[3], new float[3], 0, new float[2]));
    }

    private static float AddNoise(NoiseSchedule schedule, float original, float noise, int timestep)
    {
        var result = new float[1];
        schedule.AddNoise([original], [noise], timestep, result);
        return result[0];
    }

    private static float Step(NoiseSchedule schedule, float previous, float noise, int timestep)
    {
        var result = new float[1];
        schedule.AddNoiseStep([previous], [noise], timestep, result);
        return result[0];
    }

    private static float Velocity(NoiseSchedule schedule, float original, float noise, int timestep)
    {
        var result = new float[1];
        schedule.Velocity([original], [noise], timestep, result);
        return result[0];
    }
}
