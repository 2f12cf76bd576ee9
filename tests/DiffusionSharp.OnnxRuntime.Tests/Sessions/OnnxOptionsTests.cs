using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

public class OnnxOptionsTests
{
    [Fact]
    public void Threads_are_those_of_one_operator_and_optimisation_is_on()
    {
        SessionOptions? seen = null;
        var options = new OnnxOptions
        {
            Threads = 3,
            Configure = session =>
            {
                seen = session;
                Assert.Equal(3, session.IntraOpNumThreads);
                Assert.Equal(GraphOptimizationLevel.ORT_ENABLE_ALL, session.GraphOptimizationLevel);
            },
        };
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", options);
        Assert.NotNull(seen);
        Assert.True(seen.IsClosed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_memory_pattern_is_on_where_it_is_asked_for(bool pattern)
    {
        var options = new OnnxOptions { MemoryPattern = pattern, Configure = session => Assert.Equal(pattern, session.EnableMemoryPattern) };
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", options);
        AssertPredicts(predictor);
    }

    [Fact]
    public void Threads_that_do_not_spin_predict_the_same()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", new OnnxOptions { Spinning = false });
        AssertPredicts(predictor);
    }

    [Fact]
    public void What_is_configured_reaches_the_session()
    {
        using var folder = new TemporaryFolder();
        string optimised = folder.File("optimised.onnx");
        var options = new OnnxOptions { Configure = session => session.OptimizedModelFilePath = optimised };
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", options);
        Assert.True(File.Exists(optimised));
        AssertPredicts(predictor);
    }

    [Fact]
    public void Session_options_of_ones_own_are_used_as_they_are_and_stay_the_callers()
    {
        using var folder = new TemporaryFolder();
        string optimised = folder.File("optimised.onnx");
        using var own = new SessionOptions { OptimizedModelFilePath = optimised, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        var options = new OnnxOptions
        {
            Provider = ExecutionProvider.Cuda,
            Configure = _ => Assert.Fail("Configure is for options that the library makes."),
            CreateSessionOptions = () => own,
        };
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", options);
        Assert.True(File.Exists(optimised));
        Assert.False(own.IsClosed);
        AssertPredicts(predictor);
    }

    [Fact]
    public void Session_options_of_ones_own_must_not_be_null()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Fixture.Predictor("optimum-float32", new OnnxOptions { CreateSessionOptions = () => null! }));
        error.Says("CreateSessionOptions");
    }

    [Fact]
    public void An_error_in_ones_own_configuration_is_passed_on_as_it_is()
    {
        SessionOptions? seen = null;
        var options = new OnnxOptions
        {
            Configure = session =>
            {
                seen = session;
                throw new FormatException("mine");
            },
        };
        Assert.Throws<FormatException>(() => Fixture.Predictor("optimum-float32", options)).Says("mine");
        Assert.True(seen!.IsClosed);
    }

    [Fact]
    public void Counts_are_not_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxOptions { Threads = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxOptions { DeviceId = -1 });
    }

    // A session of unknown execution may copy its inputs when they are bound, so each step must bind them anew.
    private static void AssertPredicts(OnnxNoisePredictor predictor)
    {
        PredictionPlan plan = Plans.WithContext();
        using IPredictionRun run = predictor.Start(plan);
        foreach (int timestep in (int[])[999, 3])
        {
            float[] sample = Values.Array(plan.Shape.Length, timestep);
            sample.CopyTo(run.Sample);
            run.Predict(timestep);

            // A few float32 roundings of values below 4.
            Assertions.Near(PredictorFormula.Compute(sample, timestep, plan.Shape, plan.Conditioning), run.Prediction, 1e-6);
        }
    }
}
