using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Classifier-free guidance, arXiv:2207.12598: u + w·(c - u) from one model call.</summary>
public class ClassifierFreeGuidanceTests
{
    private static readonly SampleShape Shape = new(2, 1, 1, 2);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_scale_of_at_most_1_costs_one_prediction_of_the_same_batch(double scale)
    {
        var predictor = new RecordingPredictor(Labels);
        using GuidedRun run = Start(predictor, scale);

        run.Predict(500);

        Assert.Equal(1, run.Evaluations);
        Assert.Equal(1, predictor.Predictions);
        Assert.Equal(2, Assert.Single(predictor.Plans).Shape.Batch);
        Assert.Equal([3, 3, 4, 4], run.Prediction.Conditional);
        Assert.True(run.Prediction.Unconditional.IsEmpty);
        Assert.Equal([1, 1], run.Prediction.ConditionalWeights);
    }

    [Fact]
    public void A_larger_scale_asks_once_for_both_with_twice_the_batch()
    {
        var predictor = new RecordingPredictor(Labels);
        using GuidedRun run = Start(predictor, 7.5);

        run.Predict(500);

        Assert.Equal(2, run.Evaluations);
        Assert.Equal(1, predictor.Predictions);
        Assert.Equal(4, Assert.Single(predictor.Plans).Shape.Batch);
        Assert.Equal([7.5, 7.5], run.Prediction.ConditionalWeights);
        Assert.Equal([-6.5, -6.5], run.Prediction.UnconditionalWeights);
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
            prediction.Clear();
        });
        using GuidedRun run = Start(predictor, 2);

        float[] first = [0.1f, 0.2f, 0.3f, 0.4f];
        float[] second = [-1, -2, -3, -4];
        first.CopyTo(run.Sample, 0);
        run.Predict(500);
        second.CopyTo(run.Sample, 0);
        run.Predict(400);

        Assert.Equal([.. first, .. first], seen[0]);
        Assert.Equal([.. second, .. second], seen[1]);
    }

    [Fact]
    public void Calls_of_their_own_have_a_condition_each_and_the_same_sample()
    {
        var seen = new List<float[]>();
        var predictor = new RecordingPredictor((sample, timestep, plan, prediction) =>
        {
            seen.Add(sample.ToArray());
            Labels(sample, timestep, plan, prediction);
        });
        using GuidedRun run = Start(predictor, 7.5, GuidanceBatching.CallEach);
        float[] sample = [0.1f, 0.2f, 0.3f, 0.4f];
        sample.CopyTo(run.Sample, 0);
        run.Predict(500);

        Assert.Equal(2, run.Evaluations);
        Assert.Equal([500, 500], predictor.Timesteps);
        Assert.All(predictor.Plans, plan => Assert.Equal(Shape, plan.Shape));
        Assert.Equal([sample, sample], seen);
        Assert.Equal([3, 3, 4, 4], run.Prediction.Conditional);
        Assert.Equal([1, 1, 2, 2], run.Prediction.Unconditional);
        run.Dispose();
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Theory]
    [InlineData(GuidanceBatching.OneCall)]
    [InlineData(GuidanceBatching.CallEach)]
    public void A_step_allocates_nothing(GuidanceBatching batching)
    {
        using GuidedRun run = Start(NoisePredictor.FromFunction(static (_, _, _, _) => { }), 2, batching);
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () => run.Predict(3)));
    }

    [Fact]
    public void A_second_call_that_does_not_start_leaves_no_first_behind()
    {
        int starts = 0;
        var predictor = new RecordingPredictor(Labels) { BeforeStart = () => starts += starts == 0 ? 1 : throw new TimeoutException() };
        Assert.Throws<TimeoutException>(() => Start(predictor, 2, GuidanceBatching.CallEach));
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Fact]
    public void Conditions_that_do_not_stack_are_asked_for_in_calls_of_their_own()
    {
        var predictor = new RecordingPredictor((_, _, plan, prediction) => prediction.Fill(plan.Conditioning.Parts.Count));
        using var run = new GuidedRun(new ClassifierFreeGuidance(), predictor, Shape, Classes(3, 4), Conditioning.None, 2);
        run.Predict(500);
        Assert.Equal(2, predictor.Predictions);
        Assert.Equal([1, 1, 1, 1], run.Prediction.Conditional);
        Assert.Equal([0, 0, 0, 0], run.Prediction.Unconditional);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Disposing_disposes_the_prediction_run(double scale)
    {
        var predictor = new RecordingPredictor(Labels);
        GuidedRun run = Start(predictor, scale);
        Assert.Equal(1, predictor.RunningRuns);
        run.Dispose();
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_token_reaches_the_model(double scale)
    {
        using var cancellation = new CancellationTokenSource();
        using GuidedRun run = Start(NoisePredictor.FromFunction(Labels), scale, cancellationToken: cancellation.Token);
        run.Predict(10);
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => run.Predict(9));
    }

    private static GuidedRun Start(INoisePredictor predictor, double scale, GuidanceBatching batching = GuidanceBatching.OneCall, CancellationToken cancellationToken = default) =>
        new(new ClassifierFreeGuidance(), predictor, Shape, Classes(3, 4), Classes(1, 2), scale, batching, cancellationToken);

    // Predicts an image's class everywhere in it.
    private static void Labels(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        ReadOnlySpan<float> labels = plan.Conditioning.ClassLabels!.Values();
        Assert.Equal(plan.Shape.Batch, labels.Length);
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] = labels[i / plan.Shape.ImageLength];
        }
    }

    private static Conditioning Classes(params float[] labels) => Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create(labels, [labels.Length])));
}
