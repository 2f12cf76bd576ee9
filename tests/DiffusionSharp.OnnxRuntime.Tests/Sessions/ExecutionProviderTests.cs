using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>The native package of these tests has the processor only (on macOS also CoreML).</summary>
public class ExecutionProviderTests
{
    [Theory]
    [InlineData(ExecutionProvider.Cuda, "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(ExecutionProvider.TensorRt, "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(ExecutionProvider.DirectML, "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData(ExecutionProvider.OpenVino, "Intel.ML.OnnxRuntime.OpenVino")]
    public void A_provider_that_is_not_there_is_refused_with_the_package_that_has_it(ExecutionProvider provider, string package)
    {
        var error = Assert.Throws<NotSupportedException>(() => Fixture.Predictor("optimum-float32", new OnnxOptions { Provider = provider }));
        error.Says(provider.ToString(), package, "FallBackToCpu");
        Assert.NotNull(error.InnerException);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda)]
    [InlineData(ExecutionProvider.TensorRt)]
    [InlineData(ExecutionProvider.DirectML)]
    [InlineData(ExecutionProvider.CoreML)]
    [InlineData(ExecutionProvider.OpenVino)]
    public void The_processor_stands_in_where_that_is_allowed(ExecutionProvider provider)
    {
        using OnnxNoisePredictor expected = Fixture.Predictor("optimum-float32");
        using OnnxNoisePredictor actual = Fixture.Predictor("optimum-float32", new OnnxOptions { Provider = provider, FallBackToCpu = true });

        // On macOS CoreML is there and rounds in its own way.
        Assertions.Near(Array.ConvertAll(Predict(expected), x => (double)x), Predict(actual), OperatingSystem.IsMacOS() ? 1e-2 : 0);
    }

    [Fact]
    public void A_provider_that_does_not_exist_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixture.Predictor("optimum-float32", new OnnxOptions { Provider = (ExecutionProvider)99, FallBackToCpu = true }));

    private static float[] Predict(OnnxNoisePredictor predictor)
    {
        using IPredictionRun run = predictor.Start(Plans.WithContext());
        var predictions = new List<float>();
        for (int timestep = 30; timestep > 0; timestep -= 10)
        {
            Values.Array(run.Sample.Length, timestep).CopyTo(run.Sample);
            run.Predict(timestep);
            predictions.AddRange(run.Prediction);
        }

        return [.. predictions];
    }
}
