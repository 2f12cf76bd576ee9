using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>A noise predictor gives what the formula of its fixture gives, whatever dialect and element type the file is in.</summary>
public class PredictorDialectTests
{
    // A few float32 roundings of values below 4.
    private const double Float32 = 1e-6;

    // Five float16 roundings of values below 4, of 2^-11 of the value at most.
    private const double Float16 = 5 * 4 / 2048.0;

    [Theory]
    [InlineData("legacy-float32", Float32)]
    [InlineData("legacy-float16", Float16)]
    [InlineData("optimum-float32", Float32)]
    [InlineData("optimum-float16", Float16)]
    [InlineData("int32-timestep", Float32)]
    public void Every_image_of_a_batch_is_predicted_with_its_own_condition(string model, double tolerance)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        foreach (int batch in (int[])[1, 2, 5])
        {
            PredictionPlan plan = Plans.WithContext(batch);
            using IPredictionRun run = predictor.Start(plan);
            AssertPrediction(run, plan, 321, tolerance);
        }
    }

    [Theory]
    [InlineData("legacy-float32", Float32)]
    [InlineData("legacy-float16", Float16)]
    [InlineData("optimum-float32", Float32)]
    [InlineData("optimum-float16", Float16)]
    public void Every_step_sees_the_same_conditions_and_its_own_timestep(string model, double tolerance)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        PredictionPlan plan = Plans.WithContext();
        using IPredictionRun run = predictor.Start(plan);
        foreach (int timestep in (int[])[999, 640, 1, 0])
        {
            AssertPrediction(run, plan, timestep, tolerance);
        }
    }

    [Theory]
    [InlineData("optimum-float32", 12.75)]
    [InlineData("legacy-float32", 12)]
    [InlineData("int32-timestep", 12)]
    public void Between_two_timesteps_a_model_sees_the_fraction_or_the_lower_one_where_its_type_is_whole(string model, double seen)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        PredictionPlan plan = Plans.WithContext();
        using IPredictionRun run = predictor.Start(plan);
        AssertPrediction(run, plan, 12.75, Float32, seen);
    }

    [Fact]
    public void A_double_timestep_reaches_the_model_in_full_precision()
    {
        // float32 has no number between 500 and 500 + 2^-15.
        const double Timestep = 500 + (1.0 / (1 << 20));
        using OnnxNoisePredictor predictor = Fixture.Predictor("fine-timestep");
        using IPredictionRun run = predictor.Start(Plans.WithoutConditions());
        float[] sample = Values.Array(run.Sample.Length);
        sample.CopyTo(run.Sample);
        run.Predict(Timestep);

        Assert.Equal(Array.ConvertAll(sample, x => (x / 2) + 1), run.Prediction.ToArray());
    }

    [Fact]
    public void Other_names_in_use_are_known_too()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("other-names");
        PredictionPlan plan = Plans.WithoutConditions();
        using IPredictionRun run = predictor.Start(plan);
        AssertPrediction(run, plan, 250, Float32);
    }

    private static void AssertPrediction(IPredictionRun run, PredictionPlan plan, double timestep, double tolerance, double? seen = null)
    {
        float[] sample = Values.Array(run.Sample.Length, (int)timestep);
        sample.CopyTo(run.Sample);
        run.Predict(timestep);
        Assertions.Near(PredictorFormula.Compute(sample, seen ?? timestep, plan.Shape, plan.Conditioning), run.Prediction, tolerance);
    }
}
