using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>One request, and what the genuine pipeline answered.</summary>
internal sealed class Case
{
    private readonly JsonElement _root;

    private Case(string folder, JsonElement root) => (Folder, _root, Request) = (folder, root, root.TryGetProperty("request", out JsonElement request) ? request : default);

    /// <summary>The model's folder.</summary>
    public string Folder { get; }

    public JsonElement Request { get; }

    /// <summary>The configuration of the scheduler that stands in for the folder's; null where the folder's was asked.</summary>
    public string? Scheduler => _root.TryGetProperty("scheduler", out JsonElement path) ? FileAt(path.GetString()!) : null;

    /// <summary>What the case says beside the request, by its key.</summary>
    public JsonElement Said(string key) => _root.GetProperty(key);

    /// <summary>Whether the genuine pipeline was made with that scheduler and corrected its configuration, and not given it afterwards.</summary>
    public bool IsCorrectedByThePipeline => _root.TryGetProperty("diffusers_constructor_changed", out _);

    /// <summary>
    /// What latents may differ by, over their standard deviation: 1e-4, or three times what the genuine pipeline itself moved by when its networks ran on
    /// ONNX Runtime instead of PyTorch, on one machine: every processor rounds in its own way, and so do graphs of ours.
    /// </summary>
    public double Tolerance => _root.TryGetProperty("onnxruntime_against_pytorch_max_over_std", out JsonElement moved) && moved.TryGetProperty("latents", out JsonElement latents)
        ? Math.Max(1e-4, 3 * latents.GetDouble())
        : 1e-4;

    public static Case Load(string model, string name)
    {
        string folder = CaseFolders.Find(model)!;
        return new Case(folder, JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "requests", name + ".json"))).RootElement);
    }

    /// <summary>A recording that says elsewhere what was asked.</summary>
    public static Case Of(string folder, JsonElement root) => new(folder, root);

    public string FileAt(string relativePath) => Path.Combine(Folder, relativePath);

    public bool Has(string key) => Request.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public int? WholeNumber(string key) => Has(key) ? Request.GetProperty(key).GetInt32() : null;

    public double? Number(string key) => Has(key) ? Request.GetProperty(key).GetDouble() : null;

    public string? Text(string key) => Has(key) ? Request.GetProperty(key).GetString() : null;

    /// <summary>A text for each picture: one, or as many as there are pictures.</summary>
    public IReadOnlyList<string>? Texts(string key) => !Has(key) ? null
        : Request.GetProperty(key) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(text => text.GetString()!)] : [Text(key)!];

    public IReadOnlyList<long>? WholeNumbers(string key) => !Has(key) ? null
        : Request.GetProperty(key) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(number => number.GetInt64())] : [Request.GetProperty(key).GetInt64()];

    /// <summary>Timesteps that stand beside the request in any order, falling; null where there are none.</summary>
    public IReadOnlyList<int>? Timesteps(string key) =>
        _root.TryGetProperty(key, out JsonElement list) ? [.. list.EnumerateArray().Select(timestep => timestep.GetInt32()).OrderDescending()] : null;

    /// <summary>A picture of the request, <c>[1, 3, H, W]</c> in [-1, 1].</summary>
    public Tensor<float> Picture(string key) => ImageTensors.Load(FileAt(Text(key)!), ImageFit.ToMultipleOf(8));

    /// <summary>Recorded numbers, by the path of keys to their description, for example <c>expected</c>, <c>latents</c>; null where there are none.</summary>
    public Tensor<float>? Recorded(params ReadOnlySpan<string> keys)
    {
        JsonElement element = _root;
        foreach (string key in keys)
        {
            if (!element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        nint[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt64())];
        byte[] bytes = File.ReadAllBytes(FileAt(element.GetProperty("file").GetString()!));
        return Tensor.Create(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape);
    }
}
