using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Rescaling to zero terminal SNR, arXiv:2305.08891.</summary>
public class ZeroTerminalSnrTests
{
    private static readonly SampleShape Shape = new(1, 1, 1, 2);

    public static TheoryData<string> Names() => ["linear", "scaled linear", "squared cosine"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_last_alpha_bar_is_0_and_the_first_stays(string name)
    {
        NoiseSchedule schedule = Create(name);
        NoiseSchedule rescaled = schedule.WithZeroTerminalSnr();
        Assert.Equal(0, rescaled.AlphaBar[^1]);
        Assert.Equal(schedule.AlphaBar[0], rescaled.AlphaBar[0], 4 * Approximate.Roundoff);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_roots_are_shifted_and_scaled_as_algorithm_1_says(string name)
    {
        NoiseSchedule schedule = Create(name);
        NoiseSchedule rescaled = schedule.WithZeroTerminalSnr();
        double first = Math.Sqrt(schedule.AlphaBar[0]);
        double last = Math.Sqrt(schedule.AlphaBar[^1]);
        double products = 0;
        for (int t = 0; t < 999; t++)
        {
            double root = Math.Sqrt(schedule.AlphaBar[t]);
            double expected = Math.Pow((root - last) * first / (first - last), 2);

            // The difference of rounded roots, squared; and of every factor so far, 1 - β and β are rounded.
            double difference = 2 * (root + last) / (root - last);
            products += 2 / (1 - rescaled.Betas[t]);
            Assert.Equal(expected, rescaled.AlphaBar[t], (difference + products + 4) * Approximate.Roundoff * expected);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rescaling_again_changes_nothing(string name)
    {
        NoiseSchedule once = Create(name).WithZeroTerminalSnr();
        NoiseSchedule twice = once.WithZeroTerminalSnr();
        double products = 0;
        for (int t = 0; t < 1000; t++)
        {
            products += once.Betas[t] == 1 ? 0 : 2 / (1 - once.Betas[t]);
            Assert.Equal(once.AlphaBar[t], twice.AlphaBar[t], (products + 4) * Approximate.Roundoff * once.AlphaBar[t]);
        }
    }

    [Fact]
    public void A_schedule_of_one_timestep_cannot_be_rescaled()
    {
        // Its only ᾱ would have to stay and to be 0; so would those of a schedule that adds noise at timestep 0 only.
        Assert.Throws<InvalidOperationException>(() => NoiseSchedule.Linear(1).WithZeroTerminalSnr());
        Assert.Throws<InvalidOperationException>(() => NoiseSchedule.FromBetas([0.5f, 0]).WithZeroTerminalSnr());
    }

    [Fact]
    public void From_pure_noise_a_velocity_is_minus_the_original()
    {
        // v = sqrt(ᾱ)·ε - sqrt(1-ᾱ)·x_0 with ᾱ = 0. The step then keeps x_0 and the sample, which is all noise, in the next mixture.
        NoiseSchedule schedule = NoiseSchedule.ScaledLinear().WithZeroTerminalSnr();
        ISchedulerRun run = new DdimScheduler(new DdimOptions { Schedule = schedule, PredictionType = PredictionType.Velocity, Clipping = SampleClipping.None })
            .Start(new SamplingPlan(0, Shape) { Timesteps = [999, 500] });
        var next = new float[2];
        run.Step(0, new GuidedPrediction([-0.5f, 0.25f]), [2, -1], next, ScriptedNoise.Constant(0, 2));
        double signal = Math.Sqrt(schedule.AlphaBar[500]);
        double noise = Math.Sqrt(1 - schedule.AlphaBar[500]);
        Assert.Equal((signal * 0.5) + (noise * 2), next[0], 8 * Approximate.Roundoff);
        Assert.Equal((signal * -0.25) - noise, next[1], 8 * Approximate.Roundoff);
    }

    [Fact]
    public void A_noise_prediction_for_pure_noise_needs_clipping()
    {
        var plan = new SamplingPlan(0, Shape) { Timesteps = [999, 500] };
        NoiseSchedule schedule = NoiseSchedule.ScaledLinear().WithZeroTerminalSnr();
        ISchedulerRun unclipped = new DdpmScheduler(new DdpmOptions { Schedule = schedule, Clipping = SampleClipping.None }).Start(plan);
        var e = Assert.Throws<InvalidOperationException>(() => unclipped.PrepareInput(0, new float[2], new float[2]));
        Assert.Contains("timestep 999", e.Message, StringComparison.Ordinal);

        // Image-to-image may begin behind it.
        unclipped.PrepareInput(1, new float[2], new float[2]);

        // Clipped, x_0 is an end of the range, by the sign of x - ε.
        ISchedulerRun clipped = new DdpmScheduler(new DdpmOptions { Schedule = schedule }).Start(plan);
        var original = new float[2];
        clipped.PredictOriginal(0, new GuidedPrediction([0.5f, 0.5f]), [0.75f, 0.25f], original);
        Assert.Equal([1, -1], original);
    }

    private static NoiseSchedule Create(string name) => name switch
    {
        "linear" => NoiseSchedule.Linear(),
        "scaled linear" => NoiseSchedule.ScaledLinear(),
        _ => NoiseSchedule.SquaredCosine(),
    };
}
