using System.Text.Json;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Typed access to a scheduler's configuration that remembers which keys were read. Keys that are absent or null have a fallback; values of the
/// wrong kind are a <see cref="ModelFormatException"/> that names file, key and value.
/// </summary>
public sealed partial class SchedulerConfigReader
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

    internal static SchedulerConfigReader Parse(string json, string path)
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

    internal IEnumerable<string> UnusedKeys()
    {
        foreach (JsonProperty property in _root.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !property.Name.StartsWith('_'))
            {
                yield return property.Name;
            }
        }
    }

    /// <summary>Text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The text.</returns>
    public string? Text(string key, string? fallback) => Read(key, fallback, "text", JsonValueKind.String, e => e.GetString());

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The number.</returns>
    public int WholeNumber(string key, int fallback) => Read(key, fallback, "a whole number", JsonValueKind.Number, e => e.TryGetInt32(out int value) ? value : throw Wrong(key, "a whole number", e));

    internal long? OptionalWholeNumber(string key) =>
        Read<long?>(key, null, "a whole number", JsonValueKind.Number, e => e.TryGetInt64(out long value) ? value : throw Wrong(key, "a whole number", e));

    internal double? OptionalNumber(string key)
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

    /// <summary>A number; Infinity, -Infinity and NaN as Python writes them too.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The number.</returns>
    public double Number(string key, double fallback) => OptionalNumber(key) ?? fallback;

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The value.</returns>
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

    /// <summary>One of several names.</summary>
    /// <typeparam name="T">What the names stand for.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <param name="choices">The names, and what they stand for.</param>
    /// <returns>What the name stands for.</returns>
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
    internal void Inert(string key, object usual)
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
    internal void InertForDistilled()
    {
        Inert("set_alpha_to_one", true);
        Inert("steps_offset", 0.0);
        Inert("timestep_spacing", "leading");
    }

    /// <summary>What the model predicts, the key <c>prediction_type</c>; noise where it is absent.</summary>
    /// <returns>The prediction type.</returns>
    public PredictionType PredictionType() => Choice(
        "prediction_type",
        Prediction.PredictionType.Epsilon,
        [
            ("epsilon", Prediction.PredictionType.Epsilon),
            ("sample", Prediction.PredictionType.Sample),
            ("v_prediction", Prediction.PredictionType.Velocity),
            ("flow_prediction", Prediction.PredictionType.Flow),
        ]);

    /// <summary>How timesteps are spaced, the key <c>timestep_spacing</c>.</summary>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The spacing.</returns>
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
    /// <returns>The spacing.</returns>
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

    internal FinalSigma ReadFinalSigma() => Choice("final_sigmas_type", FinalSigma.Zero, [("zero", FinalSigma.Zero), ("sigma_min", FinalSigma.SigmaMin)]);

    /// <summary>What is done to x_0, the keys <c>clip_sample</c>, <c>thresholding</c> and theirs.</summary>
    /// <param name="clampsByDefault">Whether an absent <c>clip_sample</c> stands for true.</param>
    /// <returns>The clipping.</returns>
    public SampleClipping Clipping(bool clampsByDefault = true)
    {
        SampleClipping thresholding = Thresholding();
        SampleClipping clamping = Clamping(clampsByDefault);
        return thresholding == SampleClipping.None ? clamping : thresholding;
    }

    /// <summary>A clamp or nothing, for classes that know no dynamic thresholding.</summary>
    internal SampleClipping Clamping(bool fallback)
    {
        bool clip = Flag("clip_sample", fallback);
        var range = (float)Number("clip_sample_range", 1);
        return clip ? SampleClipping.Clamp(range) : SampleClipping.None;
    }

    /// <summary>Dynamic thresholding or nothing, for classes that do not clamp.</summary>
    internal SampleClipping Thresholding()
    {
        bool threshold = Flag("thresholding", false);
        var ratio = (float)Number("dynamic_thresholding_ratio", 0.995);
        var maximum = (float)Number("sample_max_value", 1);
        return threshold ? SampleClipping.DynamicThreshold(ratio, maximum) : SampleClipping.None;
    }

    /// <summary>Whether the model predicts a variance too; what steps do with it follows from the prediction's length, so only the value is checked.</summary>
    internal void CheckLearnedVariance() => Choice("variance_type", false, [("learned", true), ("learned_range", true)]);

    /// <summary>A list of whole numbers; empty when absent.</summary>
    internal int[] WholeNumbers(string key) => Read<int[]>(key, [], "a list of whole numbers", JsonValueKind.Array, e =>
        [.. e.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int value) ? value : throw Wrong(key, "a list of whole numbers", item))]);

    /// <summary>Throws where a key is set that cannot be followed.</summary>
    internal void RequireAbsent(string key, string why)
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
