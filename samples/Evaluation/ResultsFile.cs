using System.Security.Cryptography;
using System.Text.Json;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>What an evaluation writes: the runs of one model, each with the score of every prompt. <c>training/evaluation_results.py</c> reads it.</summary>
internal sealed record ResultsFile
{
    public required string Library { get; init; }

    /// <summary>A digest of the model folder, so that runs of other weights do not mix.</summary>
    public required string Weights { get; init; }

    /// <summary>What the autoencoder loses, for each group of scenes.</summary>
    public Dictionary<string, Reconstruction> Psnr { get; init; } = [];

    public Dictionary<string, EvaluationRun> Runs { get; init; } = [];

    /// <summary>The file as it is, or an empty one where there is none or it is of other weights.</summary>
    public static ResultsFile Open(string path, string modelFolder)
    {
        string weights = Digest(modelFolder);
        ResultsFile? found = File.Exists(path) ? JsonSerializer.Deserialize<ResultsFile>(File.ReadAllBytes(path), EvaluationSet.Json) : null;
        return found?.Weights == weights ? found : new ResultsFile { Library = "DiffusionSharp", Weights = weights };
    }

    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, EvaluationSet.Json) + "\n");

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
