namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Which file in the folder of a component is its model.</summary>
internal static class ModelFile
{
    public const string Extension = ".onnx";
    private const string Usual = "model.onnx";

    /// <summary>The file of the variant, else <c>model.onnx</c> in any case of letters, else the only one that there is.</summary>
    /// <param name="folder">The component's folder.</param>
    /// <param name="reason">What says that there is one, for the error.</param>
    /// <param name="variant">Which of several; null for <c>model.onnx</c>.</param>
    /// <exception cref="ModelFormatException">There is none, or it is not said which one is meant; the message names what was found.</exception>
    public static string Find(string folder, string reason, string? variant)
    {
        string[] found = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] : [];
        string[] models = [.. found.Where(file => file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))];
        string[] wanted = [.. variant is null ? (string[])[] : [$"model_{variant}{Extension}", $"model.{variant}{Extension}"], Usual];
        foreach (string name in wanted)
        {
            if (Array.Find(models, file => Path.GetFileName(file) == name) is { } exact)
            {
                return exact;
            }

            if (Array.Find(models, file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase)) is { } other)
            {
                return other;
            }
        }

        return models.Length == 1
            ? models[0]
            : throw new ModelFormatException(Path.Combine(folder, Usual), $"the model file is missing, but {reason}. {FoundInstead(folder, found, models)}");
    }

    private static string FoundInstead(string folder, string[] found, string[] models)
    {
        string names = string.Join(", ", found.Take(10).Select(file => $"'{Path.GetFileName(file)}'"));
        return (found.Length, models.Length) switch
        {
            (0, _) => $"The folder '{Path.GetFileName(folder)}' is not there or is empty.",
            (_, > 1) => $"Of {names} it is not said which one is meant: name it {Usual}, or set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.Variant)}, 'fp16' for model_fp16.onnx.",
            _ when found.Any(file => file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".bin", StringComparison.Ordinal)) => $"Found {names}: PyTorch's weights, which have to be exported to ONNX.",
            _ => $"Found {names}.",
        };
    }
}
