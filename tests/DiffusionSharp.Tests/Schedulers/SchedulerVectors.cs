using System.Text.Json;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Loops that Hugging Face diffusers ran; the format is described in Fixtures/README.md.</summary>
internal static class SchedulerVectors
{
    public const int Batch = 4;
    public const int Channels = 3;
    public const int Side = 8;
    public const int Count = Batch * Channels * Side * Side;

    private static readonly Lazy<JsonElement> Root = new(() =>
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Schedulers", "Fixtures", "scheduler_vectors.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    });

    private static readonly Lazy<float[]> Noise = new(() => Floats(All.GetProperty("noise").GetProperty("f32le_b64").GetString()!));

    public static JsonElement All => Root.Value;

    /// <summary>dummy_sample_deter: x[b,c,h,w] = (((c·8+h)·8+w)·4+b)/768.</summary>
    public static float[] DummySample() => Deterministic(i => i / (float)Count);

    /// <summary>dummy_noise_deter: the same with 767 - i for i.</summary>
    public static float[] DummyNoise() => Deterministic(i => (Count - 1 - i) / (float)Count);

    /// <summary>4·dummy_sample_deter - 2.</summary>
    public static float[] WideSample() => Array.ConvertAll(DummySample(), x => (4 * x) - 2);

    public static JsonElement Find(string list, string id) => All.GetProperty(list).EnumerateArray().First(v => v.GetProperty("id").GetString() == id);

    public static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }

    /// <summary>The k-th row of normals that stochastic loops drew.</summary>
    public static float[] NoiseRow(int row) => Noise.Value[(row * Count)..((row + 1) * Count)];

    /// <summary>A record's configuration as the JSON text that a model folder would hold.</summary>
    public static string ConfigText(JsonElement record) => ConfigText(record.GetProperty("scheduler").GetString()!, record.GetProperty("config"));

    /// <summary>Constructor arguments as the JSON text that a model folder would hold.</summary>
    public static string ConfigText(string className, JsonElement arguments)
    {
        var config = new Dictionary<string, object?> { ["_class_name"] = className };
        foreach (JsonProperty property in arguments.EnumerateObject())
        {
            config[property.Name] = property.Value;
        }

        return JsonSerializer.Serialize(config);
    }

    private static float[] Deterministic(Func<int, float> value)
    {
        var values = new float[Count];
        int image = Count / Batch;
        for (int b = 0; b < Batch; b++)
        {
            for (int i = 0; i < image; i++)
            {
                values[(b * image) + i] = value((i * Batch) + b);
            }
        }

        return values;
    }
}
