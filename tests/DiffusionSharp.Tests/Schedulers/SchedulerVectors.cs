using System.Text.Json;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Loops that Hugging Face diffusers ran; the formats are described in Fixtures/README.md.</summary>
internal static class SchedulerVectors
{
    public const int Batch = 4;
    public const int Channels = 3;
    public const int Side = 8;
    public const int Count = Batch * Channels * Side * Side;

    private static readonly Lazy<JsonElement> Root = new(() => Load("scheduler_vectors.json"));
    private static readonly Lazy<JsonElement> MoreRoot = new(() => Load("scheduler_loops.json"));

    private static readonly Lazy<JsonElement> GuidedRoot = new(() => Load("guided_diffusion_loops.json"));

    private static readonly Lazy<JsonElement> RarerRoot = new(() => Load("rarer_scheduler_loops.json"));

    private static readonly Lazy<float[]> Noise = new(() => Floats(All.GetProperty("noise").GetProperty("f32le_b64").GetString()!));

    public static JsonElement All => Root.Value;

    /// <summary>Loops in scheduler_loops.json.</summary>
    public static JsonElement More => MoreRoot.Value;

    /// <summary>Loops in guided_diffusion_loops.json.</summary>
    public static JsonElement GuidedDiffusion => GuidedRoot.Value;

    /// <summary>dummy_sample_deter: x[b,c,h,w] = (((c·8+h)·8+w)·4+b)/768.</summary>
    public static float[] DummySample() => Deterministic(i => i / (float)Count);

    /// <summary>dummy_noise_deter: the same with 767 - i for i.</summary>
    public static float[] DummyNoise() => Deterministic(i => (Count - 1 - i) / (float)Count);

    /// <summary>4·dummy_sample_deter - 2.</summary>
    public static float[] WideSample() => Array.ConvertAll(DummySample(), x => (4 * x) - 2);

    public static JsonElement Find(string list, string id) => Find(All, list, id);

    public static JsonElement FindMore(string list, string id) => Find(More, list, id);

    /// <summary>A loop in rarer_scheduler_loops.json.</summary>
    public static JsonElement FindRarer(string id) => Find(RarerRoot.Value, "vectors", id);

    /// <summary>The loops in rarer_scheduler_loops.json.</summary>
    public static TheoryData<string> RarerIds() => IdsOf(RarerRoot.Value, "vectors");

    public static TheoryData<string> IdsOf(string list) => IdsOf(More, list);

    public static TheoryData<string> IdsOf(JsonElement root, string list)
    {
        var ids = new TheoryData<string>();
        foreach (JsonElement record in root.GetProperty(list).EnumerateArray())
        {
            ids.Add(record.GetProperty("id").GetString()!);
        }

        return ids;
    }

    public static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }

    /// <summary>The k-th row of normals that stochastic loops drew.</summary>
    public static float[] NoiseRow(int row) => Noise.Value[(row * Count)..((row + 1) * Count)];

    /// <summary>The same rows, over again after the last.</summary>
    public static float[] NoiseRowAgain(int row) => NoiseRow(row % (Noise.Value.Length / Count));

    /// <summary>The picture of inpainting records.</summary>
    public static float[] Picture(int count) => [.. Enumerable.Range(0, count).Select(i => (37 * i % Count / (Count / 2f)) - 1)];

    /// <summary>The mask of inpainting records, 1 where to draw anew.</summary>
    public static float[] Mask(int count, bool soft) => [.. Enumerable.Range(0, count).Select(i => soft ? 7 * i % 5 / 4f : 7 * i % 5 > 2 ? 1 : 0)];

    /// <summary>Compares the end of a loop with its record.</summary>
    public static void AssertEnd(JsonElement record, ReadOnlySpan<float> sample)
    {
        double tolerance = record.GetProperty("tol").GetDouble();
        double sum = 0;
        double absolute = 0;
        foreach (float value in sample)
        {
            sum += value;
            absolute += Math.Abs(value);
        }

        double[] first = [.. record.GetProperty("first16").EnumerateArray().Select(v => v.GetDouble())];
        for (int i = 0; i < first.Length; i++)
        {
            Assert.Equal(first[i], sample[i], tolerance);
        }

        Assert.Equal(record.GetProperty("sum").GetDouble(), sum, tolerance * sample.Length);
        Assert.Equal(record.GetProperty("abs_mean").GetDouble(), absolute / sample.Length, tolerance);
    }

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

    /// <summary>The models that loops are recorded with: see Fixtures/README.md.</summary>
    public static float[] Model(string name, float[] x, double t) => name switch
    {
        "dummy" => Array.ConvertAll(x, v => (float)(v * t / (t + 1))),
        "bounded" => Bounded(x, t),
        "score" => Of(x, t, (v, bounded) => (bounded - v) / (float)(t * t)),
        "direction" => Of(x, t, (v, bounded) => (bounded - v) / (float)t),
        "leaning" => Of(x, t, (v, bounded) => ((float)t * v) + ((1 - (float)t) * bounded)),
        _ => throw new ArgumentException($"Unknown model '{name}'.", nameof(name)),
    };

    /// <summary>The model that is bounded: see Fixtures/README.md.</summary>
    public static float[] Bounded(ReadOnlySpan<float> x, double t)
    {
        var m = new float[x.Length];
        Bounded(x, t, m);
        return m;
    }

    /// <summary>The model that is bounded: see Fixtures/README.md.</summary>
    public static void Bounded(ReadOnlySpan<float> x, double t, Span<float> m)
    {
        float w = (float)t / 1000;
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = ((0.6f + (0.4f * w)) * Squashed(x[i])) + (0.2f * (1 - w) * Squashed(x[(i + 1) % x.Length]));
        }

        static float Squashed(float v) => v / (1 + Math.Abs(v));
    }

    private static float[] Of(float[] x, double t, Func<float, float, float> value) => [.. x.Zip(Bounded(x, t), value)];

    public static JsonElement Find(JsonElement root, string list, string id) => root.GetProperty(list).EnumerateArray().First(v => v.GetProperty("id").GetString() == id);

    public static JsonElement Load(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Schedulers", "Fixtures", name);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
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
