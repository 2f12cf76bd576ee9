using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>A plan that does not fit the model is refused before the first step, in words that say what to change.</summary>
public class PredictorPlanErrorTests
{
    [Fact]
    public void A_missing_context_is_named() =>
        Refused("optimum-float32", Plans.WithoutConditions()).Says("optimum-float32.onnx", "'encoder_hidden_states'", "'context'");

    [Fact]
    public void Missing_class_labels_are_named() =>
        Refused("class-labels", Plans.WithoutConditions()).Says("'class_labels'", "'class_labels'");

    [Fact]
    public void A_missing_pooled_embedding_is_named() =>
        Refused("pooled-and-time-ids", new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2).Without(ConditionNames.Pooled))).Says("'text_embeds'", "'pooled'");

    [Fact]
    public void A_missing_input_by_name_is_named() =>
        Refused("pooled-and-time-ids", new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2).Without("time_ids")))
            .Says("'time_ids'", "condition 'time_ids'");

    [Fact]
    public void A_sample_of_other_channels_is_refused_with_both_counts() =>
        Refused("optimum-float32", new PredictionPlan(Plans.Shape(1, channels: 3), Plans.Context(1))).Says("takes 4 channels", "sample has 3");

    [Fact]
    public void Channels_that_should_be_concatenated_are_missed() =>
        Refused("concatenated", Plans.WithoutConditions()).Says("takes 9 channels", "sample has 4", "0 are concatenated");

    [Fact]
    public void Another_batch_than_the_exported_one_is_refused() =>
        Refused("fixed-shape", new PredictionPlan(Plans.Shape(2, height: 8, width: 8), Conditioning.None)).Says("batch of 1", "needs 2");

    [Theory]
    [InlineData(16, 8, "height of 8", "has 16")]
    [InlineData(8, 16, "width of 8", "has 16")]
    public void Another_size_than_the_exported_one_is_refused(int height, int width, string exported, string found) =>
        Refused("fixed-shape", new PredictionPlan(Plans.Shape(1, height: height, width: width), Conditioning.None)).Says(exported, found);

    [Fact]
    public void The_exported_shape_is_taken()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("fixed-shape");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(1, height: 8, width: 8), Conditioning.None));
        run.Predict(1);
    }

    [Theory]
    [InlineData(12, 10, "width must be a multiple of 4; it is 10")]
    [InlineData(6, 8, "height must be a multiple of 4; it is 6")]
    public void A_side_that_the_network_cannot_halve_is_refused(int height, int width, string said)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("predictors/other-names.onnx", "model.onnx");
        folder.Write("config.json", """{ "block_out_channels": [32, 64, 64] }""");
        using var predictor = new OnnxNoisePredictor(path);
        Assert.Equal(4, predictor.SizeMultiple);
        using (var batching = new BatchingNoisePredictor(predictor, leaveOpen: true))
        {
            Assert.Equal(4, batching.SizeMultiple);
        }

        using IPredictionRun fitting = predictor.Start(new PredictionPlan(Plans.Shape(1, height: 12, width: 8), Conditioning.None));
        var error = Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Plans.Shape(1, height: height, width: width), Conditioning.None)));
        error.Says(said);
    }

    [Fact]
    public void A_condition_of_another_batch_than_the_sample_is_refused() =>
        Refused("optimum-float32", new PredictionPlan(Plans.Shape(2), Plans.Context(1))).Says("'encoder_hidden_states'", "[1, 3, 4]", "batch of 2");

    [Fact]
    public void Class_labels_of_another_batch_than_the_sample_are_refused() =>
        Refused("class-labels", new PredictionPlan(Plans.Shape(2), Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create<float>([1], [1]))))).Says("'class_labels'", "[1]", "batch of 2");

    [Fact]
    public void A_condition_of_another_width_than_the_models_is_refused() =>
        Refused("optimum-float32", new PredictionPlan(Plans.Shape(1), Conditioning.Of((ConditionNames.Context, Values.Tensor(0, 1, 3, 5)))))
            .Says("'encoder_hidden_states'", "[1, 3, 5]", "[*, *, 4]");

    [Fact]
    public void A_condition_of_another_rank_than_the_models_is_refused() =>
        Refused("optimum-float32", new PredictionPlan(Plans.Shape(1), Conditioning.Of((ConditionNames.Context, Values.Tensor(0, 1, 4))))).Says("'encoder_hidden_states'", "[1, 4]", "[*, *, 4]");

    [Theory]
    [InlineData(2, 8, 6)]
    [InlineData(2, 4, 3)]
    [InlineData(1, 4, 6)]
    public void Concatenated_channels_of_another_size_or_batch_than_the_sample_are_refused(int batch, int height, int width) =>
        Refused("concatenated", new PredictionPlan(Plans.Shape(2), Conditioning.Of((ConditionNames.Concatenated, Values.Tensor(0, batch, 5, height, width)))))
            .Says($"[{batch}, 5, {height}, {width}]", "[2, 4, 4, 6]", "'concatenated'");

    [Fact]
    public void A_plan_is_needed()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        Assert.Throws<ArgumentNullException>("plan", () => predictor.Start(null!));
    }

    private static ArgumentException Refused(string model, PredictionPlan plan)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        return Assert.Throws<ArgumentException>(() => predictor.Start(plan));
    }
}
