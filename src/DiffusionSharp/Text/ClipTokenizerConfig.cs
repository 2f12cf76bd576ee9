namespace DiffusionSharp.Text;

/// <summary>What a folder says of a CLIP tokenizer besides its vocabulary, and what counts where it says nothing.</summary>
internal sealed class ClipTokenizerConfig(TokenizerConfig files)
{
    private const int DefaultMaxLength = 77;
    private const string DefaultBeginToken = "<|startoftext|>";
    private const string DefaultEndToken = "<|endoftext|>";

    public int MaxLength(ClipTokenizerOptions options) => options.MaxLength ?? files.MaxLength(ClipTokenizerOptions.SmallestMaxLength) ?? DefaultMaxLength;

    public bool Lowercase(ClipTokenizerOptions options) => options.Lowercase ?? files.Flag("do_lower_case") ?? true;

    public ClipSpecialTokens SpecialTokens(ClipTokenizerOptions options, ClipVocabulary vocabulary, IEnumerable<SpecialToken> added)
    {
        SpecialToken begin = Token("bos_token", options.BeginToken, nameof(options.BeginToken), DefaultBeginToken, vocabulary);
        SpecialToken end = Token("eos_token", options.EndToken, nameof(options.EndToken), DefaultEndToken, vocabulary);
        SpecialToken padding = Token("pad_token", options.PaddingToken, nameof(options.PaddingToken), end.Text, vocabulary);
        bool isUnknownNamed = options.UnknownToken is not null || files.Find("unk_token") is not null || vocabulary.TryGetId(DefaultEndToken, out _);
        SpecialToken? unknown = isUnknownNamed
            ? Token("unk_token", options.UnknownToken, nameof(options.UnknownToken), DefaultEndToken, vocabulary)
            : null;
        return new ClipSpecialTokens(begin, end, padding, unknown, added);
    }

    private SpecialToken Token(string key, string? option, string optionName, string defaultText, ClipVocabulary vocabulary)
    {
        (string text, string origin) = option is null
            ? files.Token(key) ?? (defaultText, $"the default of '{key}'")
            : (option, $"{nameof(ClipTokenizerOptions)}.{optionName}");
        return vocabulary.TryGetId(text, out int id)
            ? new SpecialToken(text, id)
            : throw new ModelFormatException(vocabulary.Path, $"has no token '{text}', which is {origin}.");
    }
}
