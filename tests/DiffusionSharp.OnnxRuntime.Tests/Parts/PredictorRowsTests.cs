using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Rows that do not belong together: each with a timestep and conditions of its own, replaced between calls.</summary>
public class PredictorRowsTests
{
    // A few roundings of values below 4: of float32, and of float16 with its 11 bits.
    private const double Single = 1e-6;
    private const double Half = 4e-3;

    [Theory]
    [InlineData("legacy-float32", true)]
    [InlineData("legacy-float16", true)]
    [InlineData("optimum-float32", false)]
    [InlineData("int32-timestep", false)]
    public void A_model_whose_timestep_is_a_vector_of_open_length_takes_one_for_each_row(string model, bool expected)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        Assert.Equal(expected, predictor.HasTimestepPerRow);
        Assert.Null(predictor.FixedRows);
    }

    [Theory]
    [InlineData("legacy-float32", Single)]
    [InlineData("legacy-float16", Half)]
    public void Rows_have_timesteps_and_conditions_of_their_own(string model, double tolerance)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        using IRowwiseRun run = predictor.StartRows(Plans.WithContext(3));
        double[][] calls = [[999, 500, 1], [7, 7, 640]];
        foreach (double[] timesteps in calls)
        {
            // Two rows that belong together, before and after them one that does not.
            float[] sample = Values.Array(run.Sample.Length, (int)timesteps[0]);
            Conditioning one = Conditioning.Of((ConditionNames.Context, Values.Tensor((int)timesteps[0], 1, 3, 4)));
            Conditioning two = Conditioning.Of((ConditionNames.Context, Values.Tensor((int)timesteps[2], 2, 3, 4)));
            sample.CopyTo(run.Sample);
            run.SetConditions(0, one);
            run.SetConditions(1, two);
            run.Predict(timesteps);
            Conditioning all = Conditioning.Stack([one, two]);
            for (int row = 0; row < 3; row++)
            {
                int length = Plans.Shape(1).Length;
                double[] expected = PredictorFormula.Compute(sample, timesteps[row], Plans.Shape(3), all);
                Assertions.Near(expected.AsSpan(row * length, length), run.Prediction.Slice(row * length, length), tolerance);
            }
        }
    }

    [Fact]
    public void Conditions_of_every_kind_are_replaced_by_rows()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("pooled-and-time-ids");
        AssertReplaced(predictor, Plans.PooledAndTimeIds(2), Plans.PooledAndTimeIds(3));
        using OnnxNoisePredictor ofClasses = Fixture.Predictor("class-labels");
        AssertReplaced(ofClasses, Conditioning.Of((ConditionNames.ClassLabels, Labels(5, 3))), Conditioning.Of((ConditionNames.ClassLabels, Labels(1, 8, 2))));

        static System.Numerics.Tensors.Tensor<float> Labels(params float[] labels) => System.Numerics.Tensors.Tensor.Create(labels, [labels.Length]);
    }

    [Fact]
    public void Concatenated_channels_are_replaced_by_rows()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("concatenated");
        Conditioning last = Conditioning.Of((ConditionNames.Concatenated, Values.Tensor(400, 2, 5, 4, 6)));
        using IPredictionRun alone = predictor.Start(new PredictionPlan(Plans.Shape(2), last));
        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(Plans.Shape(3), Plans.MaskAndLatents(3)));
        float[] sample = Values.Array(alone.Sample.Length, 3);
        sample.CopyTo(alone.Sample);
        sample.CopyTo(run.Sample[Plans.Shape(1).Length..]);
        run.SetConditions(1, last);
        alone.Predict(5);
        run.Predict([5, 5, 5]);
        Assertions.SameBits(alone.Prediction.ToArray(), run.Prediction[Plans.Shape(1).Length..].ToArray());
    }

    [Fact]
    public void Timesteps_that_the_model_cannot_take_are_refused()
    {
        using OnnxNoisePredictor scalar = Fixture.Predictor("optimum-float32");
        using IRowwiseRun one = scalar.StartRows(Plans.WithContext(2));
        Assert.Contains("all the same", Assert.Throws<ArgumentException>(() => one.Predict([1, 2])).Message, StringComparison.Ordinal);
        one.Predict([3, 3]);

        using OnnxNoisePredictor vector = Fixture.Predictor("legacy-float32");
        using IRowwiseRun each = vector.StartRows(Plans.WithContext(2));
        Assert.Contains("each of 2 rows", Assert.Throws<ArgumentException>(() => each.Predict([1, 2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_a_fixed_batch_cannot_merge_calls()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("fixed-shape");
        Assert.Equal(1, predictor.FixedRows);
        Assert.Throws<ArgumentException>(() => new BatchingNoisePredictor(predictor));
    }

    // Rows 1 and on of a run of one row more; the first keeps what it began with.
    private static void AssertReplaced(OnnxNoisePredictor predictor, Conditioning later, Conditioning first)
    {
        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(Plans.Shape(3), first));
        int length = Plans.Shape(1).Length;
        float[] sample = Values.Array(3 * length);
        sample.CopyTo(run.Sample);
        run.SetConditions(1, later);
        run.Predict([250, 250, 250]);
        Assertions.Near(PredictorFormula.Compute(sample, 250, Plans.Shape(3), first).AsSpan(0, length), run.Prediction[..length], Single);
        Assertions.Near(PredictorFormula.Compute(sample.AsSpan(length), 250, Plans.Shape(2), later), run.Prediction[length..], Single);
    }
}
