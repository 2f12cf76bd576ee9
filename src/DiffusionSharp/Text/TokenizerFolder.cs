using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>Loads the tokenizer folder of a model, whichever kind of tokenizer it is.</summary>
public static class TokenizerFolder
{
    private static readonly Dictionary<string, Func<string, int?, ITokenizer>> Kinds = new(StringComparer.Ordinal)
    {
        ["CLIPTokenizer"] = static (folder, maxLength) => ClipTokenizer.Load(folder, new ClipTokenizerOptions { MaxLength = maxLength }),
        ["T5Tokenizer"] = static (folder, maxLength) => T5Tokenizer.Load(folder, maxLength),
        ["BertTokenizer"] = static (folder, maxLength) => BertTokenizer.Load(folder, maxLength),
    };

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="className">
    /// The class that a <c>model_index.json</c> names: <c>CLIPTokenizer</c>, <c>T5Tokenizer</c> or <c>BertTokenizer</c>, also with <c>Fast</c> at the
    /// end; null for the <c>tokenizer_class</c> of the folder's <c>tokenizer_config.json</c>.
    /// </param>
    /// <param name="maxLength">Length of every sequence in tokens; null for what the folder says, or else what is usual for the class.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> leaves no room for begin and end tokens, or is above 65,536.</exception>
    /// <exception cref="ModelFormatException">The class is unknown or not named, or a file of the folder is missing or damaged.</exception>
    public static ITokenizer Load(string folder, string? className = null, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string config = Path.Combine(folder, "tokenizer_config.json");
        className ??= ConfigFile.LoadIfPresent(config)?.Text("tokenizer_class") ?? throw new ModelFormatException(config, "the key 'tokenizer_class' is missing, which says what kind of tokenizer this is.");
        string kind = className.EndsWith("Fast", StringComparison.Ordinal) ? className[..^"Fast".Length] : className;
        return Kinds.TryGetValue(kind, out Func<string, int?, ITokenizer>? load)
            ? load(folder, maxLength)
            : throw new ModelFormatException(folder, $"the tokenizer '{className}' is not known; those known are {string.Join(", ", Kinds.Keys)}.");
    }
}
