using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>
/// A network in Flux' form, whose tokens are squares of 2 by 2 latents. The fixture gives x/2 + t/1000 + row/8 + column/64 + (tokens of the text)/128 + mean(context) + guidance/16,
/// row and column those of the square.
/// </summary>
public class PackedPredictorTests
{
    private static readonly SampleShape Shape = new(2, 4, 4, 6);

    [Fact]
    public void A_sample_is_of_planes_and_knows_nothing_of_squares()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        Assert.Equal((4, 2), (predictor.InputChannels, predictor.SizeMultiple));
        using IPredictionRun run = predictor.Start(new PredictionPlan(Shape, Conditions(2, 3)));
        AssertFormula(run, Conditions(2, 3), 917.25);
        AssertFormula(run, Conditions(2, 3), 1);
    }

    [Fact]
    public void Other_conditions_may_be_of_another_length()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Shape, Conditions(2, 3)));
        run.SetConditions(Conditions(2, 5));
        AssertFormula(run, Conditions(2, 5), 500);
    }

    [Fact]
    public void A_side_is_cut_into_squares()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(new SampleShape(1, 4, 5, 6), Conditions(1, 3)))).Says("height must be a multiple of 2", "5");
    }

    [Fact]
    public void What_it_lacks_is_named()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Shape, Conditions(2, 3).Without("guidance")))).Says("'guidance'");
        Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Shape, Conditioning.None))).Says("encoder_hidden_states");
    }

    [Fact]
    public void Rows_may_be_replaced_and_have_timesteps_of_their_own()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(Shape, Conditions(2, 3)));
        Conditioning other = Conditions(1, 3, start: 200);
        run.SetConditions(1, other);
        float[] sample = Values.Array(Shape.Length);
        sample.CopyTo(run.Sample);
        run.Predict([250, 750]);
        SampleShape one = Shape.WithBatch(1);
        Assertions.Near(Formula(sample.AsSpan(0, one.Length), one, Conditions(2, 3).Rows(0, 1), 250), run.Prediction[..one.Length], 1e-5);
        Assertions.Near(Formula(sample.AsSpan(one.Length), one, other, 750), run.Prediction[one.Length..], 1e-5);
    }

    [Fact]
    public void A_prediction_allocates_nothing()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("packed");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Shape, Conditions(2, 3)));
        StepPoint at = default;
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int i = 0; i < 10; i++)
            {
                run.Predict(at);
            }
        }));
    }

    private static Conditioning Conditions(int batch, int tokens, int start = 50) => Conditioning.None
        .With(ConditionNames.Context, Values.Tensor(start, batch, tokens, 4))
        .With("guidance", Tensor.Create([.. Enumerable.Range(0, batch).Select(i => 3.5f + i)], [batch]));

    private static void AssertFormula(IPredictionRun run, Conditioning conditions, double timestep)
    {
        float[] sample = Values.Array(Shape.Length);
        sample.CopyTo(run.Sample);
        run.Predict(timestep);
        Assertions.Near(Formula(sample, Shape, conditions, timestep), run.Prediction, 1e-5);
    }

    private static double[] Formula(ReadOnlySpan<float> sample, SampleShape shape, Conditioning conditions, double timestep)
    {
        Tensor<float> context = conditions[ConditionNames.Context]!.Values;
        int length = (int)(context.Lengths[1] * context.Lengths[2]);
        var result = new double[sample.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int picture = i / shape.ImageLength;
            (int row, int column) = (i / shape.Width % shape.Height / 2, i % shape.Width / 2);
            double mean = context.Values().Slice(picture * length, length).ToArray().Average(value => (double)value);
            double guidance = conditions["guidance"]!.Values.Values()[picture] / 16;
            result[i] = (sample[i] / 2) + (timestep / 1000) + (row / 8.0) + (column / 64.0) + (context.Lengths[1] / 128.0) + mean + guidance;
        }

        return result;
    }
}
