using System.Security.Cryptography;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Tells weights from others without reading gigabytes: by the length, the beginning and the end of every file that holds some.</summary>
internal static class ModelFingerprint
{
    private const int Part = 1 << 20;

    private static readonly string[] WeightEndings = [".onnx_data", ".data", ".pb"];

    /// <summary>SHA-256 in hexadecimal.</summary>
    public static string Of(ModelSource source)
    {
        if (source is { InMemory: { } bytes, Weights: null })
        {
            return Convert.ToHexString(SHA256.HashData(bytes.Span));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(source.Weights?.GraphIdentity ?? []);
        foreach (string file in source.Weights?.Files ?? Files(source.Name))
        {
            Append(hash, file);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // Exports keep large weights in files beside the graph.
    private static IEnumerable<string> Files(string model)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        return Directory.EnumerateFiles(folder).Where(file => WeightEndings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal).Prepend(model);
    }

    private static void Append(IncrementalHash hash, string path)
    {
        using FileStream file = File.OpenRead(path);
        hash.AppendData(BitConverter.GetBytes(file.Length));
        var part = new byte[(int)Math.Min(Part, file.Length)];
        file.ReadExactly(part);
        hash.AppendData(part);
        file.Seek(-part.Length, SeekOrigin.End);
        file.ReadExactly(part);
        hash.AppendData(part);
    }
}
