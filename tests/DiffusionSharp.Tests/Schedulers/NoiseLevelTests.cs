using DiffusionSharp.Guidance;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>What a run says of a call's noise level is what it does there.</summary>
public class NoiseLevelTests
{
    private const int Steps = 6;

    // Ten roundings of numbers as large as the largest term.
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Names() => [.. KnownSchedulers.Names];

    // What adds noise before the call has that in its input too.
    public static TheoryData<string> NamesWithoutChurn() => [.. KnownSchedulers.Names.Where(name => name != "KarrasVeScheduler")];

    [Theory]
    [MemberData(nameof(NamesWithoutChurn))]
    public void The_input_of_a_noised_sample_has_the_level_of_its_call(string name)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        (float[] original, float[] noise) = (KnownSchedulers.Values(1), KnownSchedulers.Values(2));
        for (int call = 0; call < run.CallCount; call += run.FirstCallOf(1))
        {
            NoiseLevel level = run.LevelAt(call);
            var sample = new float[original.Length];
            var input = new float[original.Length];
            run.AddNoise(call, original, noise, sample);
            run.PrepareInput(call, sample, input, ScriptedNoise.Always(noise));

            AssertClose(i => (level.Alpha * original[i]) + (level.Sigma * noise[i]), input);
            AssertClose(i => level.InputScale * sample[i], input);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_original_that_a_prediction_implies_is_a_line_of_input_and_prediction(string name)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        float[] prediction = Array.ConvertAll(KnownSchedulers.Values(3), x => x / 100);
        for (int call = 0; call < run.CallCount; call++)
        {
            // Near enough to zero that no clipping shows, at any noise level.
            NoiseLevel level = run.LevelAt(call);
            float scale = (float)(0.01 / (Math.Abs(level.FromInput * level.InputScale) + 1));
            float[] sample = Array.ConvertAll(KnownSchedulers.Values(4), x => x * scale);
            float[] small = Array.ConvertAll(prediction, x => x / (float)(1 + Math.Abs(level.FromPrediction)));
            var input = new float[sample.Length];
            var actual = new float[sample.Length];
            run.PrepareInput(call, sample, input, ScriptedNoise.Always(sample));
            run.PredictOriginal(call, new GuidedPrediction(small), sample, actual);

            AssertClose(i => (level.FromInput * input[i]) + (level.FromPrediction * small[i]), actual);
        }
    }

    [Fact]
    public void A_score_shifts_noise_predictions_by_sigma_and_no_prediction_where_nothing_is_left_of_the_signal()
    {
        ISchedulerRun noise = new DdimScheduler().Start(new SamplingPlan(Steps, KnownSchedulers.Shape));
        Assert.Equal(-noise.LevelAt(2).Sigma, noise.LevelAt(2).ScoreWeight, 1e-12);

        var zero = new DdimScheduler(new DdimOptions { Schedule = NoiseSchedule.ScaledLinear().WithZeroTerminalSnr(), TimestepSpacing = TimestepSpacing.Trailing });
        NoiseLevel first = zero.Start(new SamplingPlan(Steps, KnownSchedulers.Shape)).LevelAt(0);
        Assert.Equal((0, 1, 0), (first.Alpha, first.Sigma, first.ScoreWeight));
    }

    [Theory]
    [InlineData("DDIMScheduler", 1000)]
    [InlineData("EulerDiscreteScheduler", 1000)]
    [InlineData("FlowMatchEulerDiscreteScheduler", 1000)]
    [InlineData("EDMEulerScheduler", null)]
    [InlineData("IPNDMScheduler", null)]
    [InlineData("CMStochasticIterativeScheduler", null)]
    public void Only_runs_over_timesteps_say_how_many_there_are(string name, int? expected)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        if (expected is { } timesteps)
        {
            Assert.Equal(timesteps, run.TrainingTimesteps);
        }
        else
        {
            Assert.Contains(KnownSchedulers.Create(name).ToString()!, Assert.Throws<NotSupportedException>(() => run.TrainingTimesteps).Message, StringComparison.Ordinal);
        }
    }

    private static void AssertClose(Func<int, double> expected, float[] actual)
    {
        double largest = Enumerable.Range(0, actual.Length).Max(i => Math.Abs(expected(i)));
        Assert.All(Enumerable.Range(0, actual.Length), i => Assert.Equal(expected(i), actual[i], Tolerance * largest));
    }
}
