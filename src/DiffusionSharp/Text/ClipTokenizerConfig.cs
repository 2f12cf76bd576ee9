using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>
/// What a tokenizer folder says besides its vocabulary: <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, as Hugging Face
/// transformers reads them. Both may be absent, and every key of them.
/// </summary>
internal sealed class ClipTokenizerConfig
{
    private const int DefaultMaxLength = 77;

    // transformers writes 1e30 where no length was set.
    private const double Unset = 1e20;

    private const string DefaultBeginToken = "<|startoftext|>";
    private const string DefaultEndToken = "<|endoftext|>";

    private readonly (string Path, JsonElement Root)[] _strongestFirst;

    private ClipTokenizerConfig(params IEnumerable<(string Path, JsonElement Root)?> strongestFirst) => _strongestFirst = [.. strongestFirst.OfType<(string, JsonElement)>()];

    /// <summary>Says nothing, so that defaults and options decide.</summary>
    public static ClipTokenizerConfig Empty { get; } = new();

    /// <summary>Reads what is beside a vocabulary.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">Where the vocabulary is in a file that says more: of that its normalizer counts more than other files, all else less.</param>
    public static ClipTokenizerConfig Load(string folder, TokenizerJson? tokenizer = null)
    {
        (string, JsonElement)? config = Read(folder, "tokenizer_config.json");
        (string, JsonElement)? map = Read(folder, "special_tokens_map.json");

        // The map is older and then overrides (Stable Diffusion 2 pads by it), unless the configuration lists its special tokens itself.
        bool isMapWeaker = config is var (_, root) && root.TryGetProperty("added_tokens_decoder", out _);
        return new ClipTokenizerConfig([tokenizer?.Normalization, isMapWeaker ? config : map, isMapWeaker ? map : config, tokenizer?.Defaults]);
    }

    public int MaxLength(ClipTokenizerOptions options)
    {
        if (options.MaxLength is { } chosen)
        {
            return chosen;
        }

        if (Find("model_max_length") is not var (path, value))
        {
            return DefaultMaxLength;
        }

        double length = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
        if (length >= Unset)
        {
            return DefaultMaxLength;
        }

        return length is >= ClipTokenizerOptions.SmallestMaxLength and <= ClipTokenizerOptions.LargestMaxLength && length == Math.Floor(length)
            ? (int)length
            : throw new ModelFormatException(path, $"'model_max_length' must be a whole number >= {ClipTokenizerOptions.SmallestMaxLength} and <= {ClipTokenizerOptions.LargestMaxLength}, found {value.GetRawText()}.");
    }

    public bool Lowercase(ClipTokenizerOptions options)
    {
        if (options.Lowercase is { } chosen)
        {
            return chosen;
        }

        return Find("do_lower_case") is not var (path, value) || value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new ModelFormatException(path, $"'do_lower_case' must be true or false, found {value.GetRawText()}."),
        };
    }

    public ClipSpecialTokens SpecialTokens(ClipTokenizerOptions options, ClipVocabulary vocabulary, IEnumerable<ClipSpecialToken> added)
    {
        ClipSpecialToken begin = Token("bos_token", options.BeginToken, nameof(options.BeginToken), DefaultBeginToken, vocabulary);
        ClipSpecialToken end = Token("eos_token", options.EndToken, nameof(options.EndToken), DefaultEndToken, vocabulary);
        ClipSpecialToken padding = Token("pad_token", options.PaddingToken, nameof(options.PaddingToken), end.Text, vocabulary);
        bool isUnknownNamed = options.UnknownToken is not null || Find("unk_token") is not null || vocabulary.TryGetId(DefaultEndToken, out _);
        ClipSpecialToken? unknown = isUnknownNamed
            ? Token("unk_token", options.UnknownToken, nameof(options.UnknownToken), DefaultEndToken, vocabulary)
            : null;
        return new ClipSpecialTokens(begin, end, padding, unknown, added);
    }

    private ClipSpecialToken Token(string key, string? option, string optionName, string defaultText, ClipVocabulary vocabulary)
    {
        (string text, string origin) = (option, Find(key)) switch
        {
            ({ } chosen, _) => (chosen, $"{nameof(ClipTokenizerOptions)}.{optionName}"),
            (null, var (path, value)) => (TokenText(path, key, value), $"'{key}' in {path}"),
            _ => (defaultText, $"the default of '{key}'"),
        };
        return vocabulary.TryGetId(text, out int id)
            ? new ClipSpecialToken(text, id)
            : throw new ModelFormatException(vocabulary.Path, $"has no token '{text}', which is {origin}.");
    }

    private static string TokenText(string path, string key, JsonElement value)
    {
        JsonElement text = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content) ? content : value;
        try
        {
            if (text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } token)
            {
                return token;
            }
        }
        catch (InvalidOperationException)
        {
            // The text has an unpaired surrogate; no token does.
        }

        throw new ModelFormatException(path, $"'{key}' must be a text or an object whose 'content' is one, found {value.GetRawText()}.");
    }

    private static (string, JsonElement)? Read(string folder, string name) =>
        ConfigFile.LoadIfPresent(Path.Combine(folder, name)) is { } file ? (file.Path, file.Root) : null;

    private (string Path, JsonElement Value)? Find(string key)
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
}
