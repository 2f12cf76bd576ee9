using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Guidance weights that differ from picture to picture.</summary>
public class GuidanceWeightTests
{
    private const int Steps = 6;

    private static readonly SampleShape Shape = KnownSchedulers.Shape;

    // Guided, and not guided: alone the second reads no unconditional prediction at all.
    private static readonly (double Conditional, double Unconditional)[] Weights = [(3.3, -2.3), (1, 0)];

    // A corrector step of the score SDE is as long as the whole batch asks for, and CFG++ reads the unconditional prediction of a picture that is not guided.
    public static TheoryData<string> Names() => [.. KnownSchedulers.Names.Where(name => name != "ScoreSdeVeScheduler" && !KnownSchedulers.Create(name).NeedsUnconditional)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_with_another_weight_for_each_picture_is_the_pictures_made_alone(string name)
    {
        float[] together = Generate(name, 0, Shape.Batch);
        for (int picture = 0; picture < Shape.Batch; picture++)
        {
            Assert.Equal(Generate(name, picture, 1), together[(picture * Shape.ImageLength)..((picture + 1) * Shape.ImageLength)]);
        }
    }

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("DPMSolverMultistepScheduler")]
    [InlineData("Heun, thresholded")]
    public void One_weight_for_all_is_the_same_weight_for_each(string name)
    {
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        ISchedulerRun other = KnownSchedulers.Start(name, Steps);
        float[] one = KnownSchedulers.Values(1);
        float[] each = [.. one];
        for (int call = 0; call < run.CallCount; call++)
        {
            (float[] conditional, float[] unconditional) = (KnownSchedulers.Values(call + 10), KnownSchedulers.Values(call + 20));
            run.Step(call, Guided.By(2.5f, conditional, unconditional), one, one, ScriptedNoise.Constant(0, one.Length));
            var prediction = new GuidedPrediction { Conditional = conditional, Unconditional = unconditional, ConditionalWeights = [2.5, 2.5], UnconditionalWeights = [-1.5, -1.5] };
            other.Step(call, prediction, each, each, ScriptedNoise.Constant(0, one.Length));
        }

        Assert.Equal(one, each);
    }

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("DPMSolverMultistepScheduler")]
    [InlineData("LMSDiscreteScheduler")]
    public void A_weight_of_the_only_term_scales_it(string name)
    {
        // A power of two, so that scaling the prediction rounds nothing.
        ISchedulerRun run = KnownSchedulers.Start(name, Steps);
        ISchedulerRun other = KnownSchedulers.Start(name, Steps);
        float[] weighed = KnownSchedulers.Values(1);
        float[] scaled = [.. weighed];
        for (int call = 0; call < run.CallCount; call++)
        {
            float[] prediction = KnownSchedulers.Values(call + 10);
            run.Step(call, new GuidedPrediction { Conditional = prediction, ConditionalWeights = [0.5] }, weighed, weighed, ScriptedNoise.Constant(0, weighed.Length));
            other.Step(call, new GuidedPrediction(Array.ConvertAll(prediction, p => p / 2)), scaled, scaled, ScriptedNoise.Constant(0, weighed.Length));
        }

        Assert.Equal(scaled, weighed);
    }

    private static float[] Generate(string name, int first, int count)
    {
        int start = first * Shape.ImageLength;
        int length = count * Shape.ImageLength;
        SampleShape shape = Shape.WithBatch(count);
        ISchedulerRun run = KnownSchedulers.Create(name).Start(new SamplingPlan(Steps, shape)
        {
            KnownRegion = new KnownRegion(Part(7), Array.ConvertAll(Part(8), x => x > 0 ? 1f : 0), Part(9)),
        });
        var noise = new PerImageNoise([.. Enumerable.Range(first, count).Select(i => new TorchCpuNoise(100L + i))]);
        float[] sample = Array.ConvertAll(Part(1), x => x * (float)run.InitialNoiseScale);
        var input = new float[length];
        (double Conditional, double Unconditional)[] weights = Weights[first..(first + count)];
        for (int call = 0; call < run.CallCount; call++)
        {
            run.PrepareInput(call, sample, input, noise);
            var prediction = new GuidedPrediction
            {
                Conditional = Array.ConvertAll(input, x => x / (1 + Math.Abs(x))),
                Unconditional = Array.ConvertAll(input, x => x / (2 + Math.Abs(x))),
                ConditionalWeights = Array.ConvertAll(weights, w => w.Conditional),
                UnconditionalWeights = Array.ConvertAll(weights, w => w.Unconditional),
            };
            run.Step(call, prediction, sample, sample, noise);
        }

        return sample;

        float[] Part(long seed) => KnownSchedulers.Values(seed)[start..(start + length)];
    }
}
