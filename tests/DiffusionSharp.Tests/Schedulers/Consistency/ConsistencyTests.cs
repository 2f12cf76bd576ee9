using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Consistency;

public class ConsistencyTests
{
    [Fact]
    public void A_step_is_the_consistency_function_noised_to_the_next_level() => Property.Holds(StepCases.All, c =>
    {
        var options = new ConsistencyOptions { Clipping = c.Thresholding.Clipping, TrainingTimesteps = 1000, NoiseScale = 1.01 };
        var run = (ISigmaRun)new ConsistencyScheduler(options).Start(new SamplingPlan(c.Steps, c.Shape));
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

        double sigma = run.Sigmas[index];
        double skip = 0.25 / (Math.Pow(sigma - 0.002, 2) + 0.25);
        double output = (sigma - 0.002) * 0.5 / Math.Sqrt((sigma * sigma) + 0.25);
        double added = run.Timesteps.Count > 1 ? Math.Sqrt(Math.Max(0, Math.Pow(run.Sigmas[index + 1], 2) - Math.Pow(0.002, 2))) * 1.01 : 0;
        Approximate[] prediction = OriginalReference.Guided(c);
        Approximate[] denoised = [.. c.Sample.Select((x, i) => ((Approximate)skip * x) + ((Approximate)output * prediction[i]))];
        Approximate[] clipped = [.. denoised.Chunk(c.Shape.ImageLength).SelectMany(c.Thresholding.Apply)];
        AssertApproximate.Equal([.. clipped.Select((m, i) => m + ((Approximate)added * c.Noise[i]))], actual);
    });

    [Fact]
    public void One_step_begins_at_the_largest_level_and_draws_nothing()
    {
        var run = (ISigmaRun)new ConsistencyScheduler().Start(new SamplingPlan(1, new SampleShape(1, 1, 1, 1)));
        ScriptedNoise noise = ScriptedNoise.Constant(1, 1);
        run.Step(0, new GuidedPrediction(new float[1]), new float[1], new float[1], noise);
        Assert.Equal(0, noise.Draws);
        Assert.Equal(80, run.InitialNoiseScale);
        Assert.Equal([80, (double)0.002f], run.Sigmas.Select(s => (double)(float)s));
        Assert.Equal(250 * Math.Log(80), run.Timesteps[0], 1e-9);
    }

    [Fact]
    public void The_model_sees_unit_variance()
    {
        var run = (ISigmaRun)new ConsistencyScheduler().Start(new SamplingPlan(2, new SampleShape(1, 1, 1, 1)));
        var input = new float[1];
        run.PrepareInput(1, [3], input);
        Assert.Equal(3 / Math.Sqrt((run.Sigmas[1] * run.Sigmas[1]) + 0.25), input[0], 1e-6);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyOptions { TrainingTimesteps = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyOptions { SigmaMin = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyOptions { SigmaMax = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyOptions { SigmaData = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyOptions { Rho = 0 });
        Assert.Contains("40", Assert.Throws<ArgumentOutOfRangeException>(() => new ConsistencyScheduler().Start(new SamplingPlan(41, new SampleShape(1, 1, 1, 1)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_name_is_Consistency() => Assert.Equal("Consistency", new ConsistencyScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new ConsistencyScheduler());
}
