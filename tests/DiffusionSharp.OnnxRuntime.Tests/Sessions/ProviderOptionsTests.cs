using DiffusionSharp.OnnxRuntime.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

public class ProviderOptionsTests
{
    [Theory]
    [InlineData(ExecutionProvider.Cuda, "enable_cuda_graph")]
    [InlineData(ExecutionProvider.TensorRt, "trt_cuda_graph_enable")]
    public void Graphs_with_fixed_addresses_are_refused_by_name(ExecutionProvider provider, string key)
    {
        var options = new OnnxOptions { Provider = provider, FallBackToCpu = true, ProviderOptions = new Dictionary<string, string> { [key] = "1" } };
        Assert.Throws<NotSupportedException>(() => Fixture.Predictor("optimum-float32", options)).Says($"'{key}'", "addresses");
    }

    [Theory]
    [InlineData(ExecutionProvider.Cpu)]
    [InlineData(ExecutionProvider.DirectML)]
    public void Options_of_a_provider_that_takes_none_are_refused_by_name(ExecutionProvider provider)
    {
        var options = new OnnxOptions { Provider = provider, FallBackToCpu = true, ProviderOptions = new Dictionary<string, string> { ["gpu_mem_limit"] = "1" } };
        Assert.Throws<ArgumentException>(() => Fixture.Predictor("optimum-float32", options)).Says("'gpu_mem_limit'", provider.ToString());
    }

    [Fact]
    public void Falling_back_is_said_once_for_each_model_and_the_processors_settings_hold()
    {
        using var folder = new ModelFolder("optimum-float32");
        using var log = new RecordingLogger();
        var seen = new List<(int Threads, bool Pattern)>();
        var options = new OnnxPipelineOptions
        {
            LoggerFactory = log,
            Onnx = new OnnxOptions
            {
                Provider = ExecutionProvider.Cuda,
                FallBackToCpu = true,
                TensorFloat32 = true,
                ProviderOptions = new Dictionary<string, string> { ["gpu_mem_limit"] = "1000000000" },
                Configure = session =>
                {
                    lock (seen)
                    {
                        seen.Add((session.IntraOpNumThreads, session.EnableMemoryPattern));
                    }
                },
            },
        };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, options);
        Assert.Equal(3, log.Warnings.Count);
        Assert.All(log.Warnings, line => Assert.Matches("model.onnx: runs on the processor. The execution provider Cuda is not available here: add the package Microsoft.ML.OnnxRuntime.Gpu", line));
        Assert.Equal(Enumerable.Repeat((0, false), 3), seen);
    }

    [Fact]
    public void A_part_alone_says_it_to_the_logger_of_its_options()
    {
        using var log = new RecordingLogger();
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", new OnnxOptions { Provider = ExecutionProvider.DirectML, FallBackToCpu = true, LoggerFactory = log });
        Assert.Contains("Microsoft.ML.OnnxRuntime.DirectML", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_stays_one_where_falling_back_is_allowed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", "damaged");
        Assert.Throws<ModelFormatException>(() => new OnnxNoisePredictor(path, new OnnxOptions { Provider = ExecutionProvider.Cuda, FallBackToCpu = true }));
    }

    [Fact]
    public void An_error_in_ones_own_configuration_is_not_taken_for_the_providers() => Assert.Throws<FormatException>(
        () => Fixture.Predictor("optimum-float32", new OnnxOptions { FallBackToCpu = true, Configure = _ => throw new FormatException("mine") }));
}
