using System.Text.RegularExpressions;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Tells from what ONNX Runtime says whose fault an error is, since all its errors are of one type.</summary>
internal static partial class RuntimeErrors
{
    private static readonly string[] OutOfMemory = ["bad_alloc", "bad allocation", "allocate memory", "out of memory", "not enough memory", "ALLOC_FAILED", "bad array new length"];
    private static readonly string[] NoDevice = ["no CUDA-capable device", "driver version is insufficient", "invalid device ordinal", "Invalid device ID", "CUDA failure 100", "CUDA failure 35", "CUDA failure 101", "no NVIDIA", "CUDA initialization"];
    private static readonly string[] NoLibrary = ["cannot open shared object file", "which is missing", "Failed to load library", "Failed to load shared library", "Unable to load", "LoadLibrary failed", "image not found"];
    private static readonly string[] Shape = ["invalid dimensions", "invalid rank", "invalid expand shape", "shape mismatch", "Shape mismatch", "incompatible dimensions", "axis == 1 || axis == largest", "cannot be reshaped", "dimension mismatch"];

    /// <summary>Why a provider cannot be used; null where the error is about something else.</summary>
    public static string? ProviderProblem(ExecutionProvider provider, Exception error)
    {
        string said = error.Message;
        if (error is EntryPointNotFoundException || said.Contains("in this build", StringComparison.Ordinal) || NameOfMissing(said)?.Contains("onnxruntime", StringComparison.Ordinal) == true)
        {
            return $"add the package {PackageOf(provider)} to the app";
        }

        if (Says(said, NoLibrary))
        {
            string library = NameOfMissing(said) is { } name ? $"the library {name} was not found" : "a library that it needs was not found";
            return $"{library}. It needs {NeedsOf(provider)}, on the library path (LD_LIBRARY_PATH on Linux, PATH on Windows)";
        }

        return Says(said, NoDevice)
            ? "there is no device that it can use: check that one is built in and visible to this process, its driver, and OnnxOptions.DeviceId"
            : null;
    }

    /// <summary>A model that could not be loaded: memory ran out, or the file is at fault.</summary>
    public static Exception OfLoading(string model, Exception error) => Says(error.Message, OutOfMemory)
        ? TooLarge(model, "load", error)
        : new ModelFormatException(model, $"ONNX Runtime cannot load the model: {error.Message}", error);

    /// <summary>A model that failed while it ran: memory ran out, or something went wrong in it.</summary>
    public static Exception OfRunning(string model, Exception error)
    {
        if (Says(error.Message, OutOfMemory))
        {
            return TooLarge(model, "run", error);
        }

        string hint = error.Message.Contains("CUDNN", StringComparison.OrdinalIgnoreCase) ? " (cuDNN 9 must be installed and fit the driver)"
            : Says(error.Message, Shape) ? " (an input has a shape that it does not take)"
            : "";
        return new ModelExecutionException(model, $"ONNX Runtime failed to run the model{hint}: {error.Message}", error);
    }

    private static InsufficientMemoryException TooLarge(string model, string task, Exception error) =>
        new($"{model}: there is not enough memory to {task} the model; choose a smaller picture or batch, a float16 model, or {nameof(SessionLifetime)}.{nameof(SessionLifetime.UnloadAfterUse)}. ({error.Message})", error);

    private static bool Says(string message, string[] words) => Array.Exists(words, word => message.Contains(word, StringComparison.Ordinal));

    private static string? NameOfMissing(string message) => MissingLibrary().Match(message) is { Success: true } match
        ? match.Groups.Values.Skip(1).First(group => group.Success).Value
        : null;

    private static string PackageOf(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda or ExecutionProvider.TensorRt => "Microsoft.ML.OnnxRuntime.Gpu",
        ExecutionProvider.DirectML => "Microsoft.ML.OnnxRuntime.DirectML",
        ExecutionProvider.OpenVino => "Intel.ML.OnnxRuntime.OpenVino",
        _ => "Microsoft.ML.OnnxRuntime",
    };

    private static string NeedsOf(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda => "CUDA 13 and cuDNN 9",
        ExecutionProvider.TensorRt => "CUDA 13, cuDNN 9 and TensorRT 10",
        _ => "the libraries of its vendor",
    };

    // As the loaders of Linux and Windows are quoted.
    [GeneratedRegex("""error: ([^:\s]+): cannot open shared object file|which depends on "([^"]+)" which is missing|LoadLibrary failed with error \d+ .*?([\w.]+\.dll)""")]
    private static partial Regex MissingLibrary();
}
