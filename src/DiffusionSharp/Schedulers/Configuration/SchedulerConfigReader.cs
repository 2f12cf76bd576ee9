using System.Text.Json;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>Typed access to a scheduler's configuration that remembers which keys were read.</summary>
internal sealed partial class SchedulerConfigReader
{
    private static readonly (string Key, SigmaSpacing Spacing)[] SigmaSpacings =
    [
        ("use_karras_sigmas", SigmaSpacing.Karras),
        ("use_exponential_sigmas", SigmaSpacing.Exponential),
        ("use_beta_sigmas", SigmaSpacing.Beta),
        ("use_lu_lambdas", SigmaSpacing.Lu),
    ];

    private readonly JsonElement _root;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private SchedulerConfigReader(JsonElement root, string path)
    {
        _root = root;
        _path = path;
    }

    public static SchedulerConfigReader Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(PythonJson.Quote(json), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new SchedulerConfigReader(root, path)
                : throw new ModelFormatException(path, $"expected a JSON object, found {root.ValueKind}.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }
    }

    public IEnumerable<string> UnusedKeys()
    {
        foreach (JsonProperty property in _root.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !property.Name.StartsWith('_'))
            {
                yield return property.Name;
            }
        }
    }

    public string? Text(string key, string? fallback) => Read(key, fallback, "text", JsonValueKind.String, e => e.GetString());

    public int Integer(string key, int fallback) => Read(key, fallback, "a whole number", JsonValueKind.Number, e => e.TryGetInt32(out int value) ? value : throw Wrong(key, "a whole number", e));

    public long? OptionalInteger(string key) =>
        Read<long?>(key, null, "a whole number", JsonValueKind.Number, e => e.TryGetInt64(out long value) ? value : throw Wrong(key, "a whole number", e));

    public double? OptionalNumber(string key)
    {
        JsonElement? element = Find(key);
        return element switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
            { ValueKind: JsonValueKind.String } text => text.GetString() switch
            {
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                "NaN" => double.NaN,
                _ => throw Wrong(key, "a number", text),
            },
            { } other => throw Wrong(key, "a number", other),
        };
    }

    public double Number(string key, double fallback) => OptionalNumber(key) ?? fallback;

    public bool Flag(string key, bool fallback)
    {
        JsonElement? element = Find(key);
        return element?.ValueKind switch
        {
            null => fallback,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(key, "true or false", element.Value),
        };
    }

    public T Choice<T>(string key, T fallback, ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (Text(key, null) is not { } text)
        {
            return fallback;
        }

        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw new ModelFormatException(_path, $"'{key}' is '{text}'; known are {string.Join(", ", names)}.");
    }

    /// <summary>A key that a class takes but that changes nothing in it: reported as not used only where it is not <paramref name="usual"/>.</summary>
    public void Inert(string key, object usual)
    {
        if (_root.TryGetProperty(key, out JsonElement element) && (element.ValueKind == JsonValueKind.Null || usual switch
        {
            bool flag => element.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
            double number => element.ValueKind == JsonValueKind.Number && element.GetDouble() == number,
            _ => element.ValueKind == JsonValueKind.String && element.GetString() == (string)usual,
        }))
        {
            _read.Add(key);
        }
    }

    /// <summary>What schedulers of distilled models take and do not use.</summary>
    public void InertForDistilled()
    {
        Inert("set_alpha_to_one", true);
        Inert("steps_offset", 0.0);
        Inert("timestep_spacing", "leading");
    }

    public PredictionType PredictionType(PredictionType fallback = Prediction.PredictionType.Epsilon) => Choice(
        "prediction_type",
        fallback,
        [
            ("epsilon", Prediction.PredictionType.Epsilon),
            ("sample", Prediction.PredictionType.Sample),
            ("v_prediction", Prediction.PredictionType.Velocity),
            ("flow_prediction", Prediction.PredictionType.Flow),
        ]);

    public TimestepSpacing TimestepSpacing(TimestepSpacing fallback) => Choice(
        "timestep_spacing",
        fallback,
        [
            ("leading", Schedulers.TimestepSpacing.Leading),
            ("trailing", Schedulers.TimestepSpacing.Trailing),
            ("linspace", Schedulers.TimestepSpacing.Linspace),
        ]);

    /// <summary>How noise levels are spread.</summary>
    /// <param name="knowsLu">Whether the class has the key for even spacing in λ; where not, it is one that is not used.</param>
    public SigmaSpacing ReadSigmaSpacing(bool knowsLu = false)
    {
        var chosen = new List<(string Key, SigmaSpacing Spacing)>();
        foreach ((string key, SigmaSpacing spacing) in SigmaSpacings)
        {
            if ((knowsLu || spacing != SigmaSpacing.Lu) && Flag(key, false))
            {
                chosen.Add((key, spacing));
            }
        }

        return chosen.Count switch
        {
            0 => SigmaSpacing.Default,
            1 => chosen[0].Spacing,
            _ => throw new ModelFormatException(_path, $"only one of {string.Join(", ", chosen.Select(c => $"'{c.Key}'"))} can be true."),
        };
    }

    public FinalSigma ReadFinalSigma() => Choice("final_sigmas_type", FinalSigma.Zero, [("zero", FinalSigma.Zero), ("sigma_min", FinalSigma.SigmaMin)]);

    public SampleClipping Clipping(bool clampsByDefault = true)
    {
        SampleClipping thresholding = Thresholding();
        SampleClipping clamping = Clamping(clampsByDefault);
        return thresholding == SampleClipping.None ? clamping : thresholding;
    }

    /// <summary>A clamp or nothing, for classes that know no dynamic thresholding.</summary>
    public SampleClipping Clamping(bool fallback)
    {
        bool clip = Flag("clip_sample", fallback);
        var range = (float)Number("clip_sample_range", 1);
        return clip ? SampleClipping.Clamp(range) : SampleClipping.None;
    }

    /// <summary>Dynamic thresholding or nothing, for classes that do not clamp.</summary>
    public SampleClipping Thresholding()
    {
        bool threshold = Flag("thresholding", false);
        var ratio = (float)Number("dynamic_thresholding_ratio", 0.995);
        var maximum = (float)Number("sample_max_value", 1);
        return threshold ? SampleClipping.DynamicThreshold(ratio, maximum) : SampleClipping.None;
    }

    /// <summary>Whether the model predicts a variance too; what steps do with it follows from the prediction's length, so only the value is checked.</summary>
    public void CheckLearnedVariance() => Choice("variance_type", false, [("learned", true), ("learned_range", true)]);

    /// <summary>A list of whole numbers; empty when absent.</summary>
    public int[] Integers(string key) => Read<int[]>(key, [], "a list of whole numbers", JsonValueKind.Array, e =>
        [.. e.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int value) ? value : throw Wrong(key, "a list of whole numbers", item))]);

    /// <summary>Throws where a key is set that cannot be followed.</summary>
    public void RequireAbsent(string key, string why)
    {
        if (Find(key) is { } element)
        {
            throw new ModelFormatException(_path, $"the key '{key}' is {element.GetRawText()}, which is not supported: {why}.");
        }
    }

    private T Read<T>(string key, T fallback, string expected, JsonValueKind kind, Func<JsonElement, T> convert)
    {
        JsonElement? element = Find(key);
        return element switch
        {
            null => fallback,
            { } value when value.ValueKind == kind => convert(value),
            { } value => throw Wrong(key, expected, value),
        };
    }

    private JsonElement? Find(string key)
    {
        _read.Add(key);
        return _root.TryGetProperty(key, out JsonElement element) && element.ValueKind != JsonValueKind.Null ? element : null;
    }

    private ModelFormatException Wrong(string key, string expected, JsonElement found) =>
        new(_path, $"the key '{key}' must be {expected}, found {found.GetRawText()}.");
}
