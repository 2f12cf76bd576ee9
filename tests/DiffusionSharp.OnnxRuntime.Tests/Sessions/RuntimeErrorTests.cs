using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>Errors of ONNX Runtime become errors of the type of what went wrong. The texts are ONNX Runtime's and its loaders', as they were seen or stand in its source.</summary>
public class RuntimeErrorTests
{
    private const string Library = "[ErrorCode:Fail] ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/libonnxruntime_providers_cuda.so with error: ";

    [Fact]
    public void A_model_that_fails_while_it_runs_is_no_damaged_file()
    {
        // Its pooled output is that of the second token.
        using var encoder = new OnnxTextEncoder(Fixture.Path("text-encoders/int64.onnx"), new OneToken());
        var error = Assert.Throws<ModelExecutionException>(() => encoder.Encode(["red"]));
        error.Says("int64.onnx", "failed to run");
        Assert.Equal(Fixture.Path("text-encoders/int64.onnx"), error.Path);
        Assert.NotNull(error.InnerException);
    }

    [Theory]
    [InlineData("[ErrorCode:RuntimeException] Non-zero status code returned while running Conv node. Status Message: std::bad_alloc")]
    [InlineData("[ErrorCode:RuntimeException] Failed to allocate memory for requested buffer of size 17179869184")]
    [InlineData("[ErrorCode:Fail] CUDA failure 2: out of memory ; GPU=0")]
    [InlineData("[ErrorCode:Fail] CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED")]
    public void Running_out_of_memory_is_told_apart(string message)
    {
        Assert.IsType<InsufficientMemoryException>(RuntimeErrors.OfRunning("m.onnx", new InvalidOperationException(message))).Says("m.onnx", "not enough memory to run", message);
        Assert.IsType<InsufficientMemoryException>(RuntimeErrors.OfLoading("m.onnx", new InvalidOperationException(message))).Says("not enough memory to load");
    }

    [Theory]
    [InlineData("CUDNN failure 4000: CUDNN_STATUS_INTERNAL_ERROR", "cuDNN 9", "shape")]
    [InlineData("Got invalid dimensions for input: sample for the following indices", "a shape that it does not take", "cuDNN")]
    [InlineData("CUDA failure 700: an illegal memory access was encountered", "illegal memory access", "shape")]
    public void What_failed_in_a_run_is_not_guessed(string message, string said, string unsaid)
    {
        Exception error = RuntimeErrors.OfRunning("m.onnx", new InvalidOperationException(message));
        Assert.IsType<ModelExecutionException>(error).Says(said, message);
        Assert.DoesNotContain(unsaid, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda, Library + "libcublasLt.so.13: cannot open shared object file: No such file or directory", "libcublasLt.so.13", "CUDA 13 and cuDNN 9", "LD_LIBRARY_PATH")]
    [InlineData(ExecutionProvider.Cuda, "Error loading \"C:\\app\\onnxruntime_providers_cuda.dll\" which depends on \"cudnn64_9.dll\" which is missing. (Error 126)", "cudnn64_9.dll", "cuDNN 9", "PATH")]
    [InlineData(ExecutionProvider.TensorRt, "OrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library", "a library that it needs", "TensorRT 10", "PATH")]
    [InlineData(ExecutionProvider.Cuda, Library + "/app/libonnxruntime_providers_cuda.so: cannot open shared object file: No such file or directory", "add the package", "Microsoft.ML.OnnxRuntime.Gpu", "app")]
    [InlineData(ExecutionProvider.Cuda, "CUDA execution provider is not enabled in this build.", "add the package", "Microsoft.ML.OnnxRuntime.Gpu", "app")]
    [InlineData(ExecutionProvider.Cuda, "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1", "no device", "driver", "DeviceId")]
    [InlineData(ExecutionProvider.Cuda, "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version", "no device", "driver", "DeviceId")]
    [InlineData(ExecutionProvider.Cuda, "CUDA failure 101: invalid device ordinal", "no device", "driver", "DeviceId")]
    public void Why_a_provider_is_not_available_is_named_for_what_it_is(ExecutionProvider provider, string message, params string[] said)
    {
        string? problem = RuntimeErrors.ProviderProblem(provider, new InvalidOperationException(message));
        Assert.All(said, part => Assert.Contains(part, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_file_is_no_fault_of_the_provider() =>
        Assert.Null(RuntimeErrors.ProviderProblem(ExecutionProvider.Cuda, new InvalidOperationException("[ErrorCode:InvalidProtobuf] Load model from m.onnx failed:Protobuf parsing failed.")));

    private sealed class OneToken : ITokenizer
    {
        public int MaxLength => 1;

        public TokenizedText Tokenize(string text) => new([1], 1, null);
    }
}
