namespace DiffusionSharp.OnnxRuntime.Safetensors;

/// <summary>Refuses weights in Python's pickle format.</summary>
internal static class Pickles
{
    public const string Reason = "holds its weights as a Python pickle, which runs code when it is read, and is never opened: take the safetensors file of the same model.";

    private static readonly string[] Endings = [".bin", ".ckpt", ".pt", ".pth", ".pkl"];

    /// <summary>Why a file is refused, by the end of its name; null where it is not.</summary>
    public static string? Refusal(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? Reason : null;

    /// <summary>The names of such files in a folder.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Refusal(file) is not null).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
