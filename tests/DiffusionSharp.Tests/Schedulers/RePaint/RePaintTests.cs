using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.RePaint;

public class RePaintTests
{
    private const int Trained = 24;
    private static readonly SampleShape Shape = new(2, 3, 5, 7);
    private static readonly NoiseSchedule Short = NoiseSchedule.Linear(Trained, 0.001, 0.2);

    [Theory]
    [InlineData(10, 1)]
    [InlineData(5, 3)]
    [InlineData(1, 4)]
    public void With_eta_1_and_all_timesteps_a_generation_is_algorithm_1_in_double(int length, int samples)
    {
        var options = new RePaintOptions { Schedule = Short, Clipping = SampleClipping.None, Eta = 1, JumpLength = length, JumpSamples = samples };
        (float[] original, float[] mask) = (Normal(1), [.. Normal(2).Select(v => v > 0 ? 1f : 0)]);
        ISchedulerRun run = new RePaintScheduler(options).Start(Plan(original, mask));
        var noise = new ScriptedNoise(draw => Normal(1000 + draw));
        float[] sample = Normal(3);
        double[] exact = Array.ConvertAll(sample, v => (double)v);
        int draw = 0;
        double[] Draw() => Array.ConvertAll(Normal(1000 + draw++), v => (double)v);
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            int t = (int)run.Timesteps[i];
            float[] prediction = Normal(5000 + i);
            run.Step(i, new GuidedPrediction(prediction), sample, sample, noise);

            // Lines 4 to 8: DDPM's posterior, eq. 7 of arXiv:2006.11239, and eq. 8a.
            (double alphaBar, double before) = (Short.AlphaBar[t], t > 0 ? Short.AlphaBar[t - 1] : 1);
            (double alpha, double beta) = (alphaBar / before, 1 - (alphaBar / before));
            double deviation = Math.Sqrt((1 - before) / (1 - alphaBar) * beta);
            double[] z = Draw();
            for (int k = 0; k < exact.Length; k++)
            {
                double known = (Math.Sqrt(before) * original[k]) + (Math.Sqrt(1 - before) * z[k]);
                double unknown = ((exact[k] - (beta / Math.Sqrt(1 - alphaBar) * prediction[k])) / Math.Sqrt(alpha)) + (deviation * z[k]);
                exact[k] = mask[k] == 0 ? known : unknown;
            }

            // Line 10, up to where the next call is.
            int next = i + 1 < run.Timesteps.Count ? (int)run.Timesteps[i + 1] : t - 1;
            for (int up = t; up < next + 1; up++)
            {
                z = Draw();
                exact = [.. exact.Select((x, k) => (Math.Sqrt(1 - Short.Betas[up]) * x) + (Math.Sqrt(Short.Betas[up]) * z[k]))];
            }

            // Some ten roundings per step, over up to 96 steps whose dividing by sqrt(α) magnifies what came before.
            double tolerance = 1e-4 * Math.Max(1, exact.Max(Math.Abs));
            Assert.All(exact.Zip(sample), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }

        Assert.Equal(draw, noise.Draws);
        Assert.Equal(original.Where((_, k) => mask[k] == 0), sample.Where((_, k) => mask[k] == 0));
    }

    [Fact]
    public void Jumps_go_back_from_every_multiple_of_their_length()
    {
        // By hand after figure 9: 3 to 5 once more from 4, then from 2, then from 0.
        var options = new RePaintOptions { JumpLength = 2, JumpSamples = 2 };
        ISchedulerRun run = new RePaintScheduler(options).Start(Plan(8));
        Assert.Equal([7, 6, 5, 4, 5, 4, 3, 2, 3, 2, 1, 0, 1, 0], run.Timesteps.Select(t => t / 125));
    }

    [Fact]
    public void Without_jumps_and_with_everything_drawn_it_is_DDIM()
    {
        var ddim = new DdimOptions { Eta = 0.4, PredictionType = PredictionType.Velocity };
        ISchedulerRun expected = new DdimScheduler(ddim).Start(new SamplingPlan(12, Shape));
        ISchedulerRun run = new RePaintScheduler(RePaintOptions.From(ddim) with { Eta = 0.4, JumpSamples = 1 }).Start(Plan(12));
        Assert.Equal(expected.Timesteps, run.Timesteps);
        float[] one = Normal(3);
        float[] two = Normal(3);
        for (int i = 0; i < 12; i++)
        {
            expected.Step(i, new GuidedPrediction(Normal(i)), one, one, ScriptedNoise.Always(Normal(100 + i)));
            run.Step(i, new GuidedPrediction(Normal(i)), two, two, ScriptedNoise.Always(Normal(100 + i)));
            Assert.Equal(one, two);
        }
    }

    // The course above: the level of step 4 of 8 is 3, first reached by call 6.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 6)]
    [InlineData(7, 11)]
    [InlineData(8, 14)]
    public void A_later_step_begins_where_the_course_first_comes_so_far_down(int step, int call) =>
        Assert.Equal(call, new RePaintScheduler(new RePaintOptions { JumpLength = 2, JumpSamples = 2 }).Start(Plan(8)).FirstCallOf(step));

    [Fact]
    public void Without_a_known_region_it_says_what_to_send()
    {
        var scheduler = new RePaintScheduler();
        Assert.Contains(nameof(InpaintingRequest), Assert.Throws<ArgumentException>(() => scheduler.Start(new SamplingPlan(5, Shape))).Message, StringComparison.Ordinal);
        string message = Assert.Throws<ArgumentException>(() => scheduler.Start(new SamplingPlan(5, Shape) { KnownRegion = new(new float[3], new float[Shape.Length], default) })).Message;
        Assert.Contains("3 values", message, StringComparison.Ordinal);
        Assert.Contains("[2, 3, 5, 7]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_course_cannot_be_laid_of_is_refused()
    {
        var scheduler = new RePaintScheduler();
        Assert.Throws<ArgumentException>(() => scheduler.Start(Plan(2) with { Timesteps = [5, 1] }));
        Assert.Throws<ArgumentException>(() => scheduler.Start(Plan(2) with { Sigmas = [5, 1] }));
        Assert.Contains("[1, 1000]", Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Start(Plan(1001))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RePaintOptions { Eta = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RePaintOptions { JumpLength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RePaintOptions { JumpSamples = 0 });
    }

    [Fact]
    public void A_configuration_has_the_defaults_of_diffusers_and_says_what_it_does_not_use()
    {
        using var log = new RecordingLogger();
        RePaintOptions silent = Assert.IsType<RePaintScheduler>(SchedulerConfig.Create("""{ "_class_name": "RePaintScheduler" }""")).Options;
        Assert.Equal(new RePaintOptions { Schedule = silent.Schedule }, silent);
        Assert.Equal(NoiseSchedule.Linear().Betas, silent.Schedule.Betas);
        SchedulerConfig.Create(
            """
            { "_class_name": "RePaintScheduler", "num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear",
              "eta": 0.0, "trained_betas": null, "clip_sample": true, "timestep_spacing": "leading" }
            """,
            logger: log);
        Assert.Contains("timestep_spacing", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_and_jumps_allocate_nothing()
    {
        ISchedulerRun run = new RePaintScheduler(new RePaintOptions { Eta = 1, JumpLength = 2, JumpSamples = 3 }).Start(Plan(40));
        var noise = new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L));
        float[] sample = Normal(1);
        float[] prediction = Normal(2);
        double[] weights = Guided.Weights(3);
        int index = 0;
        Assert.Equal(0, AllocatedBytes.LeastOf(4, () =>
        {
            for (int i = 0; i < 20; i++)
            {
                run.Step(index++, Guided.By(weights, prediction, sample), sample, sample, noise);
            }
        }));
    }

    [Fact]
    public void Its_name_is_RePaint() => Assert.Equal("RePaint", new RePaintScheduler().ToString());

    private static SamplingPlan Plan(int steps) => Plan(Normal(1), [.. Enumerable.Repeat(1f, Shape.Length)]) with { Steps = steps };

    private static SamplingPlan Plan(float[] original, float[] mask) => new(Trained, Shape) { KnownRegion = new KnownRegion(original, mask, default) };

    private static float[] Normal(int seed)
    {
        var values = new float[Shape.Length];
        new TorchCpuNoise((long)seed).Fill(values);
        return values;
    }
}
