using System.Text.Json;
using DiffusionSharp.Configuration;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// A scheduler's configuration, with the words and ranges that its keys have, which remembers the keys that were read. Keys that are absent or
/// null have a fallback; values of the wrong kind or out of range are a <see cref="ModelFormatException"/> that names file, key and value.
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

    private readonly ConfigFile _file;
    private readonly Dictionary<string, JsonElement> _corrections = new(StringComparer.Ordinal);

    internal SchedulerConfigReader(ConfigFile file, string? pipelineClass) => (_file, PipelineClass) = (file, pipelineClass);

    /// <summary>The class of the pipeline that the scheduler is for; null where that is not known.</summary>
    public string? PipelineClass { get; }

    /// <summary>Keys that ask for something which the class that was read does not do.</summary>
    internal IEnumerable<string> UnusedKeys() => _file.Root.EnumerateObject()
        .Where(property => !_file.IsAsked(property.Name) && !property.Name.StartsWith('_') && !NeutralKeys.AsksForNothing(property))
        .Select(property => property.Name);

    /// <summary>Reads a key as though the file said this, whatever it says.</summary>
    internal void Correct(string key, string json) => _corrections[key] = JsonElement.Parse(json);

    /// <summary>The corrections that made a difference: the keys that were read and are otherwise in the file.</summary>
    internal IEnumerable<(string Key, string Found, string Used)> Corrections() =>
        from correction in _corrections
        where _file.IsAsked(correction.Key)
        let found = _file.Find(correction.Key)
        where found is null || !JsonElement.DeepEquals(found.Value, correction.Value)
        select (correction.Key, found?.GetRawText() ?? "absent", correction.Value.GetRawText());

    /// <summary>Text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The text.</returns>
    public string? Text(string key, string? fallback) => _file.Text(key) ?? fallback;

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What an absent key stands for.</param>
    /// <returns>The number.</returns>
    public int WholeNumber(string key, int fallback)
    {
        (double minimum, double maximum) = KeyRanges.Of(key, int.MinValue, int.MaxValue);
        int? found = _file.WholeNumber(key, (int)minimum, (int)maximum);
        return _corrections.TryGetValue(key, out JsonElement corrected) ? corrected.GetInt32() : found ?? fallback;
    }

    internal long? OptionalWholeNumber(string key) => _file.Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long value) => value,
        { } other => throw _file.Wrong(key, "a whole number", other),
    };

    internal double? OptionalNumber(string key)
    {
        (double minimum, double maximum) = KeyRanges.Of(key, double.MinValue, double.MaxValue);
        return _file.Number(key, minimum, maximum);
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
        bool? found = _file.Flag(key);
        return _corrections.TryGetValue(key, out JsonElement corrected) ? corrected.GetBoolean() : found ?? fallback;
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

        throw new ModelFormatException(_file.Path, $"'{key}' is '{text}'; known are {string.Join(", ", names)}.");
    }

    /// <summary>A key that a class takes but that changes nothing in it: reported as not used only where it is not <paramref name="usual"/>.</summary>
    internal void Inert(string key, object usual)
    {
        if (_file.Root.TryGetProperty(key, out JsonElement element) && usual switch
        {
            bool flag => element.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
            double number => element.ValueKind == JsonValueKind.Number && element.GetDouble() == number,
            _ => element.ValueKind == JsonValueKind.String && element.ValueEquals((string)usual),
        })
        {
            _file.Find(key);
        }
    }

    /// <summary>What schedulers of distilled models take and do not use.</summary>
    internal void InertForDistilled()
    {
        Inert("set_alpha_to_one", true);
        Inert("steps_offset", 0.0);
        Inert("steps_offset", 1.0);
        Inert("timestep_spacing", "leading");
    }

    /// <summary>What the model predicts, the key <c>prediction_type</c>.</summary>
    /// <param name="fallback">What an absent key stands for; noise if not given.</param>
    /// <returns>The prediction type.</returns>
    public PredictionType PredictionType(PredictionType fallback = Prediction.PredictionType.Epsilon) => Choice(
        "prediction_type",
        fallback,
        [
            ("epsilon", Prediction.PredictionType.Epsilon),
            ("sample", Prediction.PredictionType.Sample),
            ("original_sample", Prediction.PredictionType.Sample),
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
            _ => throw new ModelFormatException(_file.Path, $"only one of {string.Join(", ", chosen.Select(c => $"'{c.Key}'"))} can be true."),
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
    internal int[] WholeNumbers(string key) => [.. _file.WholeNumbers(key) ?? []];

    /// <summary>Throws where a key is set that cannot be followed.</summary>
    internal void RequireAbsent(string key, string why)
    {
        if (_file.Find(key) is { } element)
        {
            throw new ModelFormatException(_file.Path, $"the key '{key}' is {element.GetRawText()}, which is not supported: {why}.");
        }
    }
}
