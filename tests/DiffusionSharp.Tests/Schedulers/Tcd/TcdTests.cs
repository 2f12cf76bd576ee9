using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Tcd;

public class TcdTests
{
    [Fact]
    public void A_step_goes_down_to_s_and_noises_back_up() => Property.Holds(StepCases.All, c =>
    {
        foreach (double eta in (double[])[0, 0.3, 0.5, 1])
        {
            ISchedulerRun run = new TcdScheduler(c.Ddim.For<TcdOptions>() with { Eta = eta, UsesAllTimesteps = true }).Start(c.Plan);
            int index = c.IndexIn(run);
            bool isLast = index + 1 == run.Timesteps.Count;
            var actual = new float[c.Shape.Length];
            ScriptedNoise noise = ScriptedNoise.Always(c.Noise);

            run.Step(index, c.Prediction(), c.Sample, actual, noise);

            Assert.Equal(eta > 0 && !isLast ? 1 : 0, noise.Draws);
            int t = (int)run.Timesteps[index];
            int next = isLast ? 0 : (int)run.Timesteps[index + 1];
            double below = c.AlphaBar((int)MathF.Floor((float)(1 - eta) * next));
            Approximate ratio = eta > 0 && !isLast ? (Approximate)c.AlphaBar(next) / below : 1;
            Approximate[] prediction = OriginalReference.Guided(c);
            Approximate[] original = OriginalReference.Clipped(c, t);
            AssertApproximate.Equal(
                [.. c.Sample.Select((x, i) =>
                {
                    Approximate epsilon = OriginalReference.Noise(c.PredictionType, c.AlphaBar(t), x, prediction[i]);
                    Approximate down = (Approximate.Sqrt(below) * original[i]) + (Approximate.Sqrt((Approximate)1 - below) * epsilon);
                    return (Approximate.Sqrt(ratio) * down) + (Approximate.Sqrt((Approximate)1 - ratio) * c.Noise[i]);
                })],
                actual);
        }
    });

    [Fact]
    public void Without_randomness_it_is_DDIM() => Property.Holds(StepCases.All, c =>
    {
        // DDIM with timesteps of its own goes to the next of them, and where they end to ᾱ of timestep 0 unless told otherwise.
        ISchedulerRun tcd = new TcdScheduler(c.Ddim.For<TcdOptions>() with { Eta = 0, UsesAllTimesteps = true }).Start(c.Plan);
        ISchedulerRun ddim = new DdimScheduler(c.Ddim with { SetAlphaToOne = false }).Start(c.Plan with { Timesteps = [.. tcd.Timesteps.Select(t => (int)t)] });
        int index = c.IndexIn(tcd);
        var expected = new float[c.Shape.Length];
        var actual = new float[c.Shape.Length];

        tcd.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));
        ddim.Step(index, c.Prediction(), c.Sample, expected, ScriptedNoise.Always(c.Noise));

        Assert.Equal(expected, actual);
    });

    [Fact]
    public void Steps_are_among_the_distilled_timesteps_or_all()
    {
        var plan = new SamplingPlan(3, new SampleShape(1, 1, 1, 1));
        Assert.Equal([999, 679, 339], new TcdScheduler().Start(plan).Timesteps);
        Assert.Equal([999, 666, 333], new TcdScheduler(new TcdOptions { UsesAllTimesteps = true }).Start(plan).Timesteps);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Eta_is_in_0_to_1(double eta) =>
        Assert.Contains("Eta", Assert.Throws<ArgumentOutOfRangeException>(() => new TcdOptions { Eta = eta }).Message, StringComparison.Ordinal);

    [Fact]
    public void Its_name_is_TCD() => Assert.Equal("TCD", new TcdScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new TcdScheduler());
}
