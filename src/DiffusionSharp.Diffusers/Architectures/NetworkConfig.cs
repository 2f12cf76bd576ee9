using System.Globalization;
using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The <c>config.json</c> of a network. What it asks for is built or refused: a key with another value than those that are known is an error
/// that names it.
/// </summary>
internal sealed class NetworkConfig(ConfigFile file)
{
    /// <summary>More layers of a kind than any network has: what a short text asks for is written one by one.</summary>
    public const int MostLayers = 256;

    /// <summary>More channels than any network has: of some numbers tables are made.</summary>
    public const int MostChannels = 1 << 16;

    private const int MostBlocks = 16;
    private const int Most = 1 << 20;

    // They say how a network was trained, or how its precision is to be kept, which is float32 here, and do not change what it computes.
    private static readonly string[] WithoutEffect =
    [
        "sample_size", "dropout", "decay", "inv_gamma", "min_decay", "optimization_step", "power", "update_after_step", "use_ema_warmup", "upcast_attention", "force_upcast",
    ];

    public string Path => file.Path;

    public static NetworkConfig Load(string folder) => new(ConfigFile.Load(System.IO.Path.Combine(folder, "config.json")));

    /// <summary>Whether a key is there; also that somebody else reads it.</summary>
    public bool Has(string key) => file.Find(key) is not null;

    /// <summary>Whether a key is there with nothing, which for a few means something else than its absence.</summary>
    public bool IsNull(string key) => file.Root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Whether a key is true, and not a list or absent.</summary>
    public bool IsTrue(string key) => file.Find(key) is { ValueKind: JsonValueKind.True };

    /// <summary>Whether a key is a list that has a text.</summary>
    public bool Lists(string key, string text) => file.Find(key) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().Any(element => element.ValueKind == JsonValueKind.String && element.GetString() == text);

    public int Whole(string key, int otherwise, int most = Most) => file.WholeNumber(key, 0, most) ?? otherwise;

    public int? Whole(string key) => file.WholeNumber(key, 1, Most);

    public float Number(string key, float otherwise) => (float)(file.Number(key, 0, 1e9) ?? otherwise);

    public bool Flag(string key, bool otherwise) => file.Flag(key) ?? otherwise;

    public string? Text(string key) => file.Text(key);

    /// <summary>A list of one or more numbers from 1, of channels of the blocks or axes that a network has.</summary>
    public IReadOnlyList<int> Wholes(string key, params IReadOnlyList<int> otherwise) => file.WholeNumbers(key, 1, MostChannels) switch
    {
        null => otherwise,
        [] => throw new ModelFormatException(Path, $"the key '{key}' is an empty list."),
        { Count: > MostBlocks } many => throw new ModelFormatException(Path, $"the key '{key}' is a list of {many.Count} numbers, more than any network has blocks."),
        var list => list,
    };

    /// <summary>A list, which may be empty, of numbers from 0 and below a count.</summary>
    public IReadOnlyList<int> Indices(string key, int count) => file.WholeNumbers(key, 0, Math.Max(count - 1, 0)) ?? [];

    /// <summary>A list of texts, each of which is one of those known.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> otherwise, params IReadOnlyList<string> known)
    {
        IReadOnlyList<string> texts = file.List(key) is { } list ? [.. list.Select(element => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText())] : otherwise;
        return texts.FirstOrDefault(text => !known.Contains(text)) is { } unknown
            ? throw new ModelFormatException(Path, $"the key '{key}' has '{unknown}', which is not supported; supported are {string.Join(", ", known)}.")
            : texts;
    }

    /// <summary>A number from 1 for each block: one for all, or a list.</summary>
    public IReadOnlyList<int> WholePerBlock(string key, int blocks, int otherwise, int most = MostChannels)
    {
        IReadOnlyList<int> numbers = file.Find(key) is { ValueKind: JsonValueKind.Array }
            ? Counted(key, Wholes(key), blocks)
            : [.. Enumerable.Repeat(Whole(key) ?? otherwise, blocks)];
        return numbers.All(number => number <= most) ? numbers : throw file.Wrong(key, $"at most {most}", file.Find(key)!.Value);
    }

    /// <summary>A number from 1 for each layer of each block: one for all, one for each block, or a list for each block.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? WholePerLayer(string key, IReadOnlyList<int> layers) => file.Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. Counted(key, [.. list.EnumerateArray()], layers.Count).Select((element, block) => PerLayer(key, element, layers[block]))],
        { } element => [.. layers.Select(count => PerLayer(key, element, count))],
    };

    /// <summary>True or false for each block: one for all, or a list.</summary>
    public IReadOnlyList<bool> FlagPerBlock(string key, int blocks) => file.Find(key) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. Counted(key, [.. list.EnumerateArray()], blocks).Select(element => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw file.Wrong(key, "a list of true and false", list))],
        _ => [.. Enumerable.Repeat(Flag(key, false), blocks)],
    };

    /// <summary>Throws where a key has another value than those given, which are as JSON writes them; absent is always right.</summary>
    public void Require(string key, params ReadOnlySpan<string> values)
    {
        if (file.Find(key) is not { } found)
        {
            return;
        }

        foreach (string value in values)
        {
            if (found.GetRawText() == value || (found.ValueKind == JsonValueKind.Number && double.TryParse(value, CultureInfo.InvariantCulture, out double number) && found.GetDouble() == number))
            {
                return;
            }
        }

        throw new ModelFormatException(Path, $"the key '{key}' is {Shortened(found)}, which is not supported; supported {(values.Length == 1 ? "is" : "are")} {string.Join(", ", values.ToArray())}.");
    }

    /// <summary>Throws where a key that nobody has asked for has a value that could change what the network computes.</summary>
    public void RequireNothingElse()
    {
        foreach (JsonProperty property in file.Root.EnumerateObject())
        {
            bool isHarmless = property.Name.StartsWith('_') || WithoutEffect.Contains(property.Name) || property.Value.ValueKind is JsonValueKind.Null or JsonValueKind.False;
            if (!isHarmless && !file.IsAsked(property.Name))
            {
                throw new ModelFormatException(Path, $"the key '{property.Name}' ({Shortened(property.Value)}) is not known, so neither is what it changes.");
            }
        }
    }

    private static string Shortened(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? string.Concat(text.AsSpan(0, 60), "...") : value.GetRawText();

    private IReadOnlyList<T> Counted<T>(string key, IReadOnlyList<T> list, int blocks) =>
        list.Count == blocks ? list : throw new ModelFormatException(Path, $"the key '{key}' has {list.Count} values for {blocks} blocks.");

    private IReadOnlyList<int> PerLayer(string key, JsonElement element, int layers)
    {
        IReadOnlyList<JsonElement> values = element.ValueKind == JsonValueKind.Array
            ? Counted(key, [.. element.EnumerateArray()], layers)
            : [.. Enumerable.Repeat(element, layers)];
        return [.. values.Select(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 1 and <= Most ? number : throw file.Wrong(key, "whole numbers", element))];
    }
}
