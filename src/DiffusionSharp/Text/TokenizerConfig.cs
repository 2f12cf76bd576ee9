using System.Globalization;
using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>
/// What a tokenizer folder says besides its vocabulary: <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, as Hugging Face
/// transformers reads them. Both may be absent, and every key of them.
/// </summary>
internal sealed class TokenizerConfig
{
    /// <summary>The largest length of a sequence that a tokenizer can be set to, in tokens.</summary>
    public const int LargestMaxLength = 65_536;

    // transformers writes 1e30 where no length was set.
    private const double Unset = 1e20;

    private readonly (string Path, JsonElement Root)[] _strongestFirst;

    private TokenizerConfig(params IEnumerable<(string Path, JsonElement Root)?> strongestFirst) => _strongestFirst = [.. strongestFirst.OfType<(string, JsonElement)>()];

    /// <summary>Looks a token of a vocabulary up.</summary>
    public delegate bool FindId(string token, out int id);

    /// <summary>Says nothing, so that defaults and options decide.</summary>
    public static TokenizerConfig Empty { get; } = new();

    /// <summary>Reads what is beside a vocabulary.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="stronger">What counts more than the files.</param>
    /// <param name="weaker">What counts less than the files.</param>
    public static TokenizerConfig Load(string folder, (string Path, JsonElement Root)? stronger = null, (string Path, JsonElement Root)? weaker = null)
    {
        (string, JsonElement)? config = Read(folder, "tokenizer_config.json");
        (string, JsonElement)? map = Read(folder, "special_tokens_map.json");

        // The map is older and then overrides (Stable Diffusion 2 pads by it), unless the configuration lists its special tokens itself.
        bool isMapWeaker = config is var (_, root) && root.TryGetProperty("added_tokens_decoder", out _);
        return new TokenizerConfig([stronger, isMapWeaker ? config : map, isMapWeaker ? map : config, weaker]);
    }

    /// <summary>The value of a key and the file that it is in; null where it is in none.</summary>
    public (string Path, JsonElement Value)? Find(string key)
    {
        foreach ((string path, JsonElement root) in _strongestFirst)
        {
            if (root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                return (path, value);
            }
        }

        return null;
    }

    /// <summary>The length of a sequence in tokens, or null where none is set.</summary>
    public int? MaxLength(int smallest)
    {
        if (Find("model_max_length") is not var (path, value))
        {
            return null;
        }

        double length = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
        if (length >= Unset)
        {
            return null;
        }

        return length >= smallest && length <= LargestMaxLength && length == Math.Floor(length)
            ? (int)length
            : throw new ModelFormatException(path, $"'model_max_length' must be a whole number >= {smallest} and <= {LargestMaxLength}, found {value.GetRawText()}.");
    }

    /// <summary>Refuses a length that a caller chose; null is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range.</exception>
    public static void CheckMaxLength(int? maxLength, int smallest)
    {
        if (maxLength < smallest || maxLength > LargestMaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"Must be in [{smallest}, {LargestMaxLength}].");
        }
    }

    /// <summary>True or false, or null where neither is said.</summary>
    public bool? Flag(string key) => Find(key) is not var (path, value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ModelFormatException(path, $"'{key}' must be true or false, found {value.GetRawText()}."),
    };

    /// <summary>The text of a token, and where it is from for errors; null where none is named.</summary>
    public (string Text, string Origin)? Token(string key)
    {
        if (Find(key) is not var (path, value))
        {
            return null;
        }

        JsonElement text = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content) ? content : value;
        try
        {
            if (text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } token)
            {
                return (token, $"'{key}' in {path}");
            }
        }
        catch (InvalidOperationException)
        {
            // The text has an unpaired surrogate; no token does.
        }

        throw new ModelFormatException(path, $"'{key}' must be a text or an object whose 'content' is one, found {value.GetRawText()}.");
    }

    /// <summary>A token of the vocabulary, or one that was added to it.</summary>
    /// <param name="key">What names it.</param>
    /// <param name="defaultText">The token where nothing does.</param>
    /// <param name="added">The tokens that were added.</param>
    /// <param name="findId">Looks a token of the vocabulary up.</param>
    /// <param name="vocabularyPath">The vocabulary, to name it in errors.</param>
    public SpecialToken Token(string key, string defaultText, IReadOnlyList<SpecialToken> added, FindId findId, string vocabularyPath)
    {
        (string text, string origin) = Token(key) ?? (defaultText, $"the default of '{key}'");
        return added.LastOrDefault(token => token.Text == text)
            ?? (findId(text, out int id) ? new SpecialToken(text, id) : throw new ModelFormatException(vocabularyPath, $"has no token '{text}', which is {origin}."));
    }

    /// <summary>The tokens that were added to the vocabulary, by <c>added_tokens_decoder</c>.</summary>
    public IReadOnlyList<SpecialToken> AddedTokens()
    {
        if (Find("added_tokens_decoder") is not var (path, list))
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Object
            ? [.. list.EnumerateObject().Select(token => AddedToken(path, token))]
            : throw new ModelFormatException(path, $"'added_tokens_decoder' must be an object of ids and tokens, found {list.GetRawText()}.");
    }

    private static SpecialToken AddedToken(string path, JsonProperty token) =>
        TokenizerJson.Text(token.Value, "content") is { Length: > 0 } text && int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? new SpecialToken(text, id, TokenizerJson.IsTrue(token.Value, "lstrip"), TokenizerJson.IsTrue(token.Value, "rstrip"))
            : throw new ModelFormatException(path, $"'added_tokens_decoder' must have an id and a token with 'content' in each entry, found \"{token.Name}\": {token.Value.GetRawText()}.");

    private static (string, JsonElement)? Read(string folder, string name) =>
        ConfigFile.LoadIfPresent(Path.Combine(folder, name)) is { } file ? (file.Path, file.Root) : null;
}
