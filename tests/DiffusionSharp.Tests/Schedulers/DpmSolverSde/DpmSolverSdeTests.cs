using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.DpmSolverSde;

public class DpmSolverSdeTests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void Both_halves_of_a_step_go_down_exactly_and_up_by_noise(PredictionType type, double range) =>
        LongRun.Follows(new DpmSolverSdeScheduler(Options(type) with { Clipping = SigmaTextbook.Clipping(range) }), 12, run =>
        {
            var book = new SigmaTextbook(run, type, range);
            double[] start = [];
            return (i, x, p, z) =>
            {
                double[] slope = book.Slope(i, x, p);
                double[] original = LongRun.Each(x, k => x[k] - (book.Sigmas[i] * slope[k]));
                if (i == run.Timesteps.Count - 1)
                {
                    return original;
                }

                start = i % 2 == 0 ? x : start;
                double from = book.Sigmas[i - (i % 2)];
                (double down, double up) = SigmaTextbook.Ancestral(from, book.Sigmas[i + 1]);

                // exp(-h) and 1 - exp(-h) with h = log σ - log σ_down
                double h = Math.Log(from / down);
                return LongRun.Each(x, k => (Math.Exp(-h) * start[k]) - (double.ExpM1(-h) * original[k]) + (up * z[k]));
            };
        });

    // The peer's own tests on the CPU (tests/schedulers/test_scheduler_dpm_sde.py), whose loop goes on from the scaled sample.
    [Theory]
    [InlineData("epsilon", false, 162.52383422851562)]
    [InlineData("v_prediction", false, 119.8487548828125)]
    [InlineData("epsilon", true, 170.3135223388672)]
    public void Loops_along_a_seeded_path_end_where_those_of_diffusers_do(string prediction, bool karras, double absoluteSum)
    {
        IScheduler scheduler = SchedulerConfig.Create($$"""
            {"_class_name": "DPMSolverSDEScheduler", "num_train_timesteps": 1100, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear",
             "noise_sampler_seed": 0, "prediction_type": "{{prediction}}", "use_karras_sigmas": {{(karras ? "true" : "false")}} }
            """);

        ISchedulerRun run = scheduler.Start(new SamplingPlan(10, new SampleShape(SchedulerVectors.Batch, SchedulerVectors.Channels, SchedulerVectors.Side, SchedulerVectors.Side)));
        float[] sample = Array.ConvertAll(SchedulerVectors.DummySample(), x => x * (float)run.InitialNoiseScale);
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.PrepareInput(i, sample, sample);
            float weight = (float)(run.Timesteps[i] / (run.Timesteps[i] + 1));
            run.Step(i, new(Array.ConvertAll(sample, x => x * weight)), sample, sample, ScriptedNoise.Always(sample));
        }

        Assert.Equal(absoluteSum, sample.Sum(x => Math.Abs((double)x)), 1e-2);
    }

    // Where the model says x_0 = 0, the equation forgets its beginning, and what is left at a noise level is the path's doing.
    [Fact]
    public void More_steps_refine_one_path_and_do_not_replace_it()
    {
        double few = Distance(LastNoisySample(25, seed: 4), LastNoisySample(400, seed: 4));
        double many = Distance(LastNoisySample(100, seed: 4), LastNoisySample(400, seed: 4));
        double unrelated = Distance(LastNoisySample(400, seed: 5), LastNoisySample(400, seed: 4));

        Assert.Equal(Math.Sqrt(2), unrelated, 0.15);
        Assert.True(few < 0.7 * unrelated, $"{few}");
        Assert.True(many < 0.7 * few, $"{few} to {many}");
    }

    [Fact]
    public void A_picture_follows_the_same_path_alone_and_in_a_batch()
    {
        float[] batch = Generate(new SampleShape(3, 2, 4, 4), new PerImageNoise(new TorchCpuNoise(1L), new TorchCpuNoise(2L), new TorchCpuNoise(3L)));
        float[] alone = Generate(new SampleShape(1, 2, 4, 4), new PerImageNoise(new TorchCpuNoise(2L)));

        Assert.Equal(alone, batch[32..64]);
        Assert.NotEqual(alone, batch[..32]);
    }

    [Fact]
    public void A_given_seed_is_that_of_one_path_of_the_whole_batch()
    {
        float[] batch = Generate(new SampleShape(3, 2, 4, 4), ScriptedNoise.Constant(0.5f, 96), noiseSeed: 9);

        Assert.Equal(Generate(new SampleShape(1, 6, 4, 4), ScriptedNoise.Constant(0.5f, 96), noiseSeed: 9), batch);
        Assert.NotEqual(batch[..32], batch[32..64]);
    }

    [Fact]
    public void The_last_step_draws_nothing_and_a_single_one_goes_straight_to_the_prediction()
    {
        ISchedulerRun run = new DpmSolverSdeScheduler(Options(PredictionType.Sample)).Start(new SamplingPlan(1, LongRun.Shape));
        float[] prediction = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => i / 64f)];
        var sample = new float[LongRun.Shape.Length];
        var noise = ScriptedNoise.Constant(1, LongRun.Shape.Length);

        run.Step(0, new(prediction), sample, sample, noise);

        Assert.Equal(prediction, sample);
        Assert.Equal(0, noise.Draws);
    }

    private static DpmSolverSdeOptions Options(PredictionType type) =>
        new() { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Noise = SdeNoise.Source };

    private static float[] Generate(SampleShape shape, INoiseSource noise, long? noiseSeed = null)
    {
        ISchedulerRun run = new DpmSolverSdeScheduler(Options(PredictionType.Epsilon) with { Noise = SdeNoise.BrownianPath, NoiseSeed = noiseSeed }).Start(new SamplingPlan(5, shape));
        var sample = new float[shape.Length];
        noise.Fill(sample);
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new(Array.ConvertAll(sample, x => x / 20)), sample, sample, noise);
        }

        return sample;
    }

    // In units of the noise level.
    private static float[] LastNoisySample(int steps, long seed)
    {
        var shape = new SampleShape(1, 4, 16, 16);
        ISchedulerRun run = new DpmSolverSdeScheduler(Options(PredictionType.Sample) with { Noise = SdeNoise.BrownianPath, NoiseSeed = seed }).Start(new SamplingPlan(steps, shape));
        var sample = new float[shape.Length];
        for (int i = 0; i < run.Timesteps.Count - 1; i++)
        {
            run.Step(i, new(new float[shape.Length]), sample, sample, ScriptedNoise.Always(sample));
        }

        return Array.ConvertAll(sample, x => x / (float)((ISigmaRun)run).Sigmas[^2]);
    }

    private static double Distance(float[] left, float[] right) => Math.Sqrt(left.Zip(right).Average(p => Math.Pow(p.First - p.Second, 2)));
}
