using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Each kind of condition reaches the input that the model has for it.</summary>
public class PredictorConditionTests
{
    // A few float32 roundings of values below 256, as the class label 999 makes them.
    private const double Tolerance = 256 * 1e-7;

    [Fact]
    public void Class_labels_are_whole_numbers()
    {
        var labels = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create<float>([3, 999, 0], [3])));
        AssertFormula("class-labels", new PredictionPlan(Plans.Shape(3), labels));
    }

    [Fact]
    public void A_flag_is_set_where_its_number_is_not_0()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("boolean-input");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(3), Conditioning.Of(("flag", Tensor.Create<float>([1, 0, -0.25f], [3])))));
        run.Predict(0);
        int length = Plans.Shape(1).Length;
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(row => run.Prediction[row * length]));
    }

    [Fact]
    public void A_number_that_no_library_knows_is_asked_for_by_name_and_given_for_all_rows()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("number");
        Start(Conditioning.None).Says("'sharpness'", "Conditioning");
        Start(Conditioning.Of(("sharpness", Tensor.Create<float>([1, 2], [2])))).Says("'sharpness'", "IsShared");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), Number(0.25f)));
        run.Predict(0);
        Assert.All(run.Prediction.ToArray(), value => Assert.Equal(0.25f, value));
        run.SetConditions(Number(4));
        run.Predict(0);
        Assert.All(run.Prediction.ToArray(), value => Assert.Equal(4, value));

        ArgumentException Start(Conditioning conditions) => Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Plans.Shape(2), conditions)));

        static Conditioning Number(float value) => Conditioning.None.With(new ConditionPart("sharpness", Tensor.Create([value], [1])) { IsShared = true });
    }

    [Fact]
    public void Whole_numbers_by_name_are_one_for_each_row()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("whole-numbers");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), Conditioning.Of(("sharpness", Tensor.Create<float>([3, -7], [2])))));
        run.Predict(0);
        int length = Plans.Shape(1).Length;
        Assert.Equal([3, -7], (float[])[run.Prediction[0], run.Prediction[length]]);
    }

    [Fact]
    public void A_pooled_embedding_and_inputs_by_name_reach_the_model() =>
        AssertFormula("pooled-and-time-ids", new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2)));

    [Fact]
    public void A_model_takes_of_the_conditions_what_it_has_inputs_for() =>
        AssertFormula("class-labels", new PredictionPlan(Plans.Shape(1), Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create<float>([2], [1])))), given =>
            given.With(ConditionNames.Context, Values.Tensor(0, 1, 3, 4)).With("unheard_of", Values.Tensor(0, 1, 1)));

    [Fact]
    public void Concatenated_channels_stand_behind_those_of_the_sample_in_every_image()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("concatenated");
        var plan = new PredictionPlan(Plans.Shape(3), Plans.MaskAndLatents(3));
        using IPredictionRun run = predictor.Start(plan);
        foreach (int step in (int[])[1, 2])
        {
            float[] sample = Values.Array(plan.Shape.Length, step);
            sample.CopyTo(run.Sample);
            run.Predict(step);
            Assertions.Near(SampleMaskAndLatents(sample, plan), run.Prediction, Tolerance);
        }
    }

    [Theory]
    [InlineData("learned-variance")]
    [InlineData("learned-variance-open")]
    public void A_learned_variance_follows_the_prediction_of_each_image(string model)
    {
        // One of the files says how many channels its output has, the other leaves that to config.json.
        using var folder = new TemporaryFolder();
        string path = folder.Copy($"predictors/{model}.onnx", "model.onnx");
        folder.Write("config.json", """{ "in_channels": 4, "out_channels": 8 }""");
        using var predictor = new OnnxNoisePredictor(path);
        PredictionPlan plan = Plans.WithoutConditions(batch: 2);
        using IPredictionRun run = predictor.Start(plan);
        float[] sample = Values.Array(plan.Shape.Length);
        sample.CopyTo(run.Sample);
        run.Predict(0);

        int image = plan.Shape.ImageLength;
        float[] expected =
        [
            .. sample[..image].Select(x => x / 2), .. sample[..image].Select(x => -x / 4),
            .. sample[image..].Select(x => x / 2), .. sample[image..].Select(x => -x / 4),
        ];
        Assert.Equal(expected, run.Prediction.ToArray());
    }

    [Fact]
    public void Conditions_are_taken_at_the_start_so_changing_them_later_changes_nothing()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        var tokens = Values.Array(24);
        var plan = new PredictionPlan(Plans.Shape(2), Conditioning.Of((ConditionNames.Context, Tensor.Create(tokens, [2, 3, 4]))));
        using IPredictionRun run = predictor.Start(plan);
        run.Predict(1);
        float[] before = run.Prediction.ToArray();
        Array.Clear(tokens);
        run.Predict(1);
        Assertions.SameBits(before, run.Prediction);
    }

    private static void AssertFormula(string model, PredictionPlan plan, Func<Conditioning, Conditioning>? withMore = null)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        using IPredictionRun run = predictor.Start(withMore is null ? plan : plan with { Conditioning = withMore(plan.Conditioning) });
        float[] sample = Values.Array(plan.Shape.Length);
        foreach (int timestep in (int[])[500, 20])
        {
            sample.CopyTo(run.Sample);
            run.Predict(timestep);
            Assertions.Near(PredictorFormula.Compute(sample, timestep, plan.Shape, plan.Conditioning), run.Prediction, Tolerance);
        }
    }

    // x[0:4]/2 + 2·x[4] + x[5:9]/4 of each image.
    private static double[] SampleMaskAndLatents(float[] sample, PredictionPlan plan)
    {
        ReadOnlySpan<float> concatenated = plan.Conditioning.Concatenated!.Values();
        int channel = plan.Shape.Height * plan.Shape.Width;
        var result = new double[sample.Length];
        for (int i = 0; i < result.Length; i++)
        {
            (int image, int inImage) = Math.DivRem(i, plan.Shape.ImageLength);
            int mask = (image * 5 * channel) + (inImage % channel);
            int latent = (image * 5 * channel) + channel + inImage;
            result[i] = (sample[i] / 2) + (2 * concatenated[mask]) + (concatenated[latent] / 4);
        }

        return result;
    }
}
