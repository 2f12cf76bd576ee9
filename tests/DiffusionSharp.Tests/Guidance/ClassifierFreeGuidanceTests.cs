using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Classifier-free guidance, arXiv:2207.12598: u + w·(c - u) from one model call.</summary>
public class ClassifierFreeGuidanceTests
{
    private static readonly SampleShape Shape = new(2, 1, 1, 2);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    public void A_scale_of_at_most_1_costs_one_prediction_of_the_same_batch(float scale)
    {
        var predictor = new RecordingPredictor(Labels);
        using IGuidanceRun run = new ClassifierFreeGuidance().Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Scale = scale });

        run.Predict(500);

        Assert.Equal(1, run.EvaluationsPerStep);
        Assert.Equal(1, predictor.Predictions);
        Assert.Equal(2, Assert.Single(predictor.Plans).Shape.Batch);
        Assert.True(run.Prediction.Unconditional.IsEmpty);
        Assert.Equal([3, 3, 4, 4], run.Prediction.Conditional);
    }

    [Fact]
    public void A_larger_scale_asks_once_for_both_with_twice_the_batch()
    {
        var predictor = new RecordingPredictor(Labels);
        using IGuidanceRun run = new ClassifierFreeGuidance().Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = 7.5f });

        run.Predict(500);

        Assert.Equal(2, run.EvaluationsPerStep);
        Assert.Equal(1, predictor.Predictions);
        Assert.Equal(4, Assert.Single(predictor.Plans).Shape.Batch);
        Assert.Equal([7.5], run.Prediction.ConditionalWeights);
        Assert.Equal([-6.5], run.Prediction.UnconditionalWeights);
        Assert.Equal([3, 3, 4, 4], run.Prediction.Conditional);
        Assert.Equal([1, 1, 2, 2], run.Prediction.Unconditional);
    }

    [Fact]
    public void Both_halves_see_the_same_sample_in_every_step()
    {
        var seen = new List<float[]>();
        var predictor = new RecordingPredictor((sample, _, _, prediction) =>
        {
            seen.Add(sample.ToArray());

            // A run may do with its input what it likes.
            prediction.Clear();
        });
        using IGuidanceRun run = new ClassifierFreeGuidance().Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = 2 });

        float[] first = [0.1f, 0.2f, 0.3f, 0.4f];
        float[] second = [-1, -2, -3, -4];
        Assert.Equal(Shape.Length, run.Sample.Length);
        first.CopyTo(run.Sample);
        run.Predict(500);
        second.CopyTo(run.Sample);
        run.Predict(400);

        Assert.Equal([.. first, .. first], seen[0]);
        Assert.Equal([.. second, .. second], seen[1]);
    }

    [Fact]
    public void Two_calls_have_a_condition_each_and_the_same_sample()
    {
        var seen = new List<float[]>();
        var predictor = new RecordingPredictor((sample, timestep, plan, prediction) =>
        {
            seen.Add(sample.ToArray());
            Labels(sample, timestep, plan, prediction);
        });
        using IGuidanceRun run = new ClassifierFreeGuidance(GuidanceBatching.TwoCalls).Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = 7.5f });
        float[] sample = [0.1f, 0.2f, 0.3f, 0.4f];
        sample.CopyTo(run.Sample);
        run.Predict(500);

        Assert.Equal(2, run.EvaluationsPerStep);
        Assert.Equal([500, 500], predictor.Timesteps);
        Assert.All(predictor.Plans, plan => Assert.Equal(Shape, plan.Shape));
        Assert.Equal([sample, sample], seen);
        Assert.Equal([7.5], run.Prediction.ConditionalWeights);
        Assert.Equal([-6.5], run.Prediction.UnconditionalWeights);
        Assert.Equal([3, 3, 4, 4], run.Prediction.Conditional);
        Assert.Equal([1, 1, 2, 2], run.Prediction.Unconditional);
        run.Dispose();
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Fact]
    public void Two_calls_allocate_nothing_in_a_step()
    {
        using IGuidanceRun run = new ClassifierFreeGuidance(GuidanceBatching.TwoCalls).Start(
            NoisePredictor.FromFunction(static (_, _, _, _) => { }),
            new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = 2 });
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () => run.Predict(3)));
    }

    [Fact]
    public void A_second_call_that_does_not_start_leaves_no_first_behind()
    {
        int starts = 0;
        var predictor = new RecordingPredictor(Labels) { BeforeStart = () => starts += starts == 0 ? 1 : throw new TimeoutException() };
        var plan = new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = 2 };
        Assert.Throws<TimeoutException>(() => new ClassifierFreeGuidance(GuidanceBatching.TwoCalls).Start(predictor, plan));
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Fact]
    public void Another_number_of_calls_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierFreeGuidance((GuidanceBatching)3));

    [Fact]
    public void A_missing_unconditional_condition_is_refused_before_the_model_starts()
    {
        var predictor = new RecordingPredictor(Labels);
        var e = Assert.Throws<ArgumentException>(() => new ClassifierFreeGuidance().Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Scale = 2 }));
        Assert.Contains("unconditional", e.Message, StringComparison.Ordinal);
        Assert.Empty(predictor.Plans);
    }

    [Fact]
    public void Conditions_of_different_parts_are_refused_by_name()
    {
        var plan = new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Conditioning.None, Scale = 2 };
        var e = Assert.Throws<ArgumentException>(() => new ClassifierFreeGuidance().Start(NoisePredictor.FromFunction(Labels), plan));
        Assert.Contains("ClassLabels", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(3f)]
    public void Disposing_the_guidance_disposes_the_prediction_run(float scale)
    {
        var predictor = new RecordingPredictor(Labels);
        IGuidanceRun run = new ClassifierFreeGuidance().Start(predictor, new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = scale });
        Assert.Equal(1, predictor.RunningRuns);
        run.Dispose();
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(3f)]
    public void The_token_reaches_the_model(float scale)
    {
        using var cancellation = new CancellationTokenSource();
        using IGuidanceRun run = new ClassifierFreeGuidance().Start(
            NoisePredictor.FromFunction(Labels),
            new GuidancePlan(Shape, Classes(3, 4)) { Unconditional = Classes(1, 2), Scale = scale, CancellationToken = cancellation.Token });
        run.Predict(10);
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => run.Predict(9));
    }

    // Predicts an image's class everywhere in it.
    private static void Labels(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        ReadOnlySpan<long> labels = plan.Conditioning.ClassLabels!.Values();
        Assert.Equal(plan.Shape.Batch, labels.Length);
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] = labels[i / plan.Shape.ImageLength];
        }
    }

    private static Conditioning Classes(params long[] labels) => new() { ClassLabels = Tensor.Create(labels, [labels.Length]) };
}
