using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Snippets;
using DiffusionSharp.Tests.Conditions.OwnEncoders;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Prediction.Decorators;

/// <summary>Predictors around others, written against the public interfaces alone.</summary>
public class DecoratorTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Steps = 5, Seed = 1, Count = 2 };

    [Fact]
    public void Residuals_change_with_every_step_and_end_on_the_way()
    {
        // The control network predicts twice what it is asked at, so the network, which adds residuals, predicts 2·0.5·x more for three steps.
        var control = new RecordingPredictor((sample, _, _, prediction) => TensorPrimitives.Multiply(sample, 2, prediction));
        using DiffusionPipeline controlled = Toy.Builder(new ControlledPredictor(new RecordingPredictor(Helped), control, weight: 0.5, until: 0.6)).Build();
        using DiffusionPipeline expected = Toy.Builder(new StepwisePredictor((at, sample, prediction) => TensorPrimitives.MultiplyAdd(sample, at.Step < 3 ? 1 : 0, prediction, prediction))).Build();
        Assert.Equal(expected.Generate(Request).Latents.Values(), controlled.Generate(Request).Latents.Values());
        Assert.Equal(3, control.Predictions);
        Assert.Equal(0, control.RunningRuns);
    }

    [Fact]
    public void Residuals_of_parts_that_change_on_the_way_stay()
    {
        var seen = new List<(float Control, float Residual)>();
        var control = new RecordingPredictor((_, _, plan, prediction) => prediction.Fill(plan.Conditioning["control"]!.Values.Values()[^1]));
        var network = new RecordingPredictor((_, _, plan, prediction) =>
        {
            seen.Add((plan.Conditioning["control"]!.Values.Values()[^1], plan.Conditioning["residual"]!.Values.Values()[^1]));
            prediction.Clear();
        });
        using DiffusionPipeline pipeline = Toy.Builder(new ControlledPredictor(network, control, weight: 0.5, until: 1))
            .UseConditions(new OutlineConditions())
            .Build();
        Tensor<float> ones = Tensor.Create([.. Enumerable.Repeat(1f, 16 * 32)], [1, 1, 16, 32]);
        pipeline.Generate(Request with { Parts = [new Outline(ones, Until: 0.4)] });
        Assert.Equal([(1, 0.5f), (1, 0.5f), (0, 0), (0, 0), (0, 0)], seen);
    }

    [Fact]
    public void Two_experts_share_the_way_at_a_timestep()
    {
        (RecordingPredictor noisy, RecordingPredictor clean) = (new(Toy.Predict), new(Toy.Predict));
        using DiffusionPipeline pipeline = Toy.Builder(new TwoExperts(noisy, clean, boundary: 500)).Build();
        using DiffusionPipeline one = Toy.Builder().Build();
        GenerationResult result = pipeline.Generate(Request);
        Assert.Equal([800, 600], noisy.Timesteps);
        Assert.Equal([400, 200, 0], clean.Timesteps);
        Assert.Equal(10, result.Timings.EvaluationsPerImage);

        // Two of the same weights are one, to the last bit.
        Assert.Equal(one.Generate(Request).Latents.Values(), result.Latents.Values());
    }

    [Theory]
    [InlineData("experts")]
    [InlineData("residuals")]
    public void A_step_allocates_nothing(string name)
    {
        using IPredictionRun run = Of(name, Function(Toy.Predict), Function(Helped)).Start(new PredictionPlan(new SampleShape(1, 1, 2, 3), Conditioning.None));
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int step = 0; step < 4; step++)
            {
                run.Predict(PredictionRunExtensions.At(1000 - (300 * step)) with { Step = step, StepCount = 4, Call = step, CallCount = 4 });
            }
        }));

        static INoisePredictor Function(NoisePredictorFunction function) => NoisePredictor.FromFunction(function);
    }

    private static INoisePredictor Of(string name, INoisePredictor plain, INoisePredictor helped) =>
        name == "experts" ? new TwoExperts(plain, plain, boundary: 500) : new ControlledPredictor(helped, plain, weight: 0.5, until: 0.5);

    // The toy network, which adds residuals.
    private static void Helped(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        Toy.Predict(sample, timestep, plan, prediction);
        TensorPrimitives.Add(prediction, plan.Conditioning["residual"]!.Values.Values(), prediction);
    }

    /// <summary>The toy network, and something done to its predictions that depends on the step.</summary>
    private sealed class StepwisePredictor(StepwisePredictor.Change change) : INoisePredictor
    {
        public delegate void Change(StepPoint at, ReadOnlySpan<float> sample, Span<float> prediction);

        public IPredictionRun Start(PredictionPlan plan) => new Run(NoisePredictor.FromFunction(Toy.Predict).Start(plan), change);

        private sealed class Run(IPredictionRun inner, Change change) : DelegatingPredictionRun(inner)
        {
            public override void Predict(in StepPoint at)
            {
                Inner.Predict(at);
                change(at, Sample, Prediction);
            }
        }
    }
}
