using System.Text.Json;

namespace DiffusionSharp.Configuration;

/// <summary>
/// A JSON object of a model's folder, read as every such file is: UTF-8, UTF-16 or UTF-32 with a byte order mark or without one, any line
/// ends, with comments, trailing commas and Python's Infinity and NaN. A key that is null is as good as absent. Errors name file, key, what was
/// expected and what was found.
/// </summary>
public sealed class ConfigFile
{
    private static readonly JsonDocumentOptions Tolerant = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private ConfigFile(string path, JsonElement root) => (Path, Root) = (path, root);

    /// <summary>The file, to name it in errors.</summary>
    public string Path { get; }

    /// <summary>The whole object.</summary>
    public JsonElement Root { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The object in it.</returns>
    /// <exception cref="ModelFormatException">The file is missing, larger than 64 MiB, no text, not JSON, no object, or has a key twice.</exception>
    public static ConfigFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(ModelText.Read(path), path);
    }

    /// <summary>Reads a file that may be absent.</summary>
    /// <returns>The object in it, or null where there is no such file.</returns>
    /// <inheritdoc cref="Load"/>
    public static ConfigFile? LoadIfPresent(string path) => File.Exists(path) ? Load(path) : null;

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">What to name in errors.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ModelFormatException">The text is not JSON, no object, or has a key twice.</exception>
    public static ConfigFile Parse(string json, string path)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var document = JsonDocument.Parse(PythonJson.Quote(json), Tolerant);
            JsonElement root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new ConfigFile(path, root)
                : throw new ModelFormatException(path, $"expected a JSON object, found {root.ValueKind}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one where a key has half of a surrogate pair.
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>The value of a key, which then counts as <see cref="IsAsked">asked</see> for.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or null where the key is absent or null.</returns>
    public JsonElement? Find(string key)
    {
        _asked.Add(key);
        return Root.TryGetProperty(key, out JsonElement element) && element.ValueKind != JsonValueKind.Null ? element : null;
    }

    /// <summary>Whether anything has asked for a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False where the key was left unread.</returns>
    public bool IsAsked(string key) => _asked.Contains(key);

    /// <summary>A text.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else.</exception>
    public string? Text(string key)
    {
        if (Find(key) is not { } element)
        {
            return null;
        }

        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : throw Wrong(key, "text", element);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            throw Wrong(key, "text", element);
        }
    }

    /// <summary>A number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="minimum">The smallest that makes sense; negative infinity allows that, too.</param>
    /// <param name="maximum">The largest that makes sense; infinity allows that, too.</param>
    /// <returns>The number, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else, not a number (NaN), or outside that range.</exception>
    public double? Number(string key, double minimum = double.MinValue, double maximum = double.MaxValue) =>
        Find(key) is { } element ? Number(key, element, minimum, maximum) : null;

    /// <summary>A whole number, also one that is written with a fraction of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="minimum">The smallest that makes sense.</param>
    /// <param name="maximum">The largest that makes sense.</param>
    /// <returns>The number, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else, or outside that range.</exception>
    public int? WholeNumber(string key, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        Find(key) is { } element ? WholeNumber(key, element, minimum, maximum) : null;

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else.</exception>
    public bool? Flag(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong(key, "true or false", other),
    };

    /// <summary>A list.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">What the list is of, for the error.</param>
    /// <returns>The elements, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else.</exception>
    public IReadOnlyList<JsonElement>? List(string key, string expected = "a list") => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { } other => throw Wrong(key, expected, other),
    };

    /// <summary>A list of whole numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="minimum">The smallest that makes sense.</param>
    /// <param name="maximum">The largest that makes sense.</param>
    /// <returns>The numbers, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else, or a number is outside that range.</exception>
    public IReadOnlyList<int>? WholeNumbers(string key, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        List(key, "a list of whole numbers") is { } list ? [.. list.Select(element => WholeNumber(key, element, minimum, maximum, "a list of whole numbers"))] : null;

    /// <summary>A list of numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="minimum">The smallest that makes sense; negative infinity allows that, too.</param>
    /// <param name="maximum">The largest that makes sense; infinity allows that, too.</param>
    /// <returns>The numbers, or null where the key is absent.</returns>
    /// <exception cref="ModelFormatException">The value is something else, or a number is outside that range or not a number (NaN).</exception>
    public IReadOnlyList<double>? Numbers(string key, double minimum = double.MinValue, double maximum = double.MaxValue) =>
        List(key, "a list of numbers") is { } list ? [.. list.Select(element => Number(key, element, minimum, maximum, "a list of numbers"))] : null;

    /// <summary>The error for a key whose value is not what it must be.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="found">What was found.</param>
    /// <returns>The error, to be thrown.</returns>
    public ModelFormatException Wrong(string key, string expected, JsonElement found)
    {
        string text = found.GetRawText();
        return new(Path, $"the key '{key}' must be {expected}, found {(text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "..."))}.");
    }

    private double Number(string key, JsonElement element, double minimum, double maximum, string expected = "a number")
    {
        double? number = element.ValueKind switch
        {
            JsonValueKind.Number => element.GetDouble(),
            JsonValueKind.String when element.ValueEquals("Infinity") => double.PositiveInfinity,
            JsonValueKind.String when element.ValueEquals("-Infinity") => double.NegativeInfinity,
            _ => null,
        };
        return number >= minimum && number <= maximum ? number.Value : throw Wrong(key, expected + Range(minimum, maximum), element);
    }

    private int WholeNumber(string key, JsonElement element, int minimum, int maximum, string expected = "a whole number")
    {
        double value = element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;
        return value >= minimum && value <= maximum && value == Math.Floor(value)
            ? (int)value
            : throw Wrong(key, expected + Range(minimum, maximum), element);
    }

    private static string Range(double minimum, double maximum) => (minimum > int.MinValue, maximum < int.MaxValue) switch
    {
        (true, true) => $" from {minimum} to {maximum}",
        (true, false) => $" of at least {minimum}",
        (false, true) => $" of at most {maximum}",
        _ => "",
    };
}
