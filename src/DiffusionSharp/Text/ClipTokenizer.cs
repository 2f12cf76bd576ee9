using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>
/// The tokenizer of CLIP text encoders (Radford et al. 2021, arXiv:2103.00020): lower-cased words spelled in byte pairs (Sennrich et al.
/// 2016, arXiv:1508.07909).
/// </summary>
/// <remarks>
/// <para>A text is brought into Unicode Normalization Form C and lower case, split into words, and each word is merged from its UTF-8 bytes.
/// Nothing else is changed: HTML entities, control characters and ligatures count as typed. Any text has ids; an unpaired surrogate counts
/// as U+FFFD. The time is linear in the length of the text, and n log n in that of a single word.</para>
/// <para>A special token that is written out in a text, for example <c>&lt;|endoftext|&gt;</c>, becomes that token; begin and end token also
/// in upper case where they start a word.</para>
/// <para>Immutable and safe for concurrent calls. The ids are those of Hugging Face transformers' <c>CLIPTokenizerFast</c>.</para>
/// </remarks>
public sealed class ClipTokenizer : ITokenizer
{
    private readonly ClipVocabulary _vocabulary;
    private readonly ClipSpecialTokens _specialTokens;
    private readonly BytePairEncoder _encoder;
    private readonly ClipTokenDecoder _decoder;
    private readonly bool _lowercase;

    private ClipTokenizer(ClipVocabulary vocabulary, BytePairMerges merges, IReadOnlyList<SpecialToken> added, TokenizerConfig files, ClipTokenizerOptions options)
    {
        var config = new ClipTokenizerConfig(files);
        _vocabulary = vocabulary;
        _specialTokens = config.SpecialTokens(options, vocabulary, added);
        _encoder = new BytePairEncoder(vocabulary, merges, _specialTokens.Unknown);
        _decoder = new ClipTokenDecoder(vocabulary, _specialTokens);
        _lowercase = config.Lowercase(options);
        MaxLength = config.MaxLength(options);
        VocabularySize = vocabulary.Count;
    }

    private ClipTokenizer(ClipTokenizer other, SpecialToken word)
    {
        _vocabulary = other._vocabulary;
        _specialTokens = other._specialTokens.With(word);
        _encoder = other._encoder;
        _decoder = new ClipTokenDecoder(_vocabulary, _specialTokens);
        _lowercase = other._lowercase;
        MaxLength = other.MaxLength;
        VocabularySize = other.VocabularySize + word.Count;
    }

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <summary>How many tokens the vocabulary has, words that were added among them.</summary>
    public int VocabularySize { get; }

    /// <summary>Id of the token that begins every sequence.</summary>
    public int BeginTokenId => _specialTokens.Begin.Id;

    /// <summary>Id of the token after the last one of the text.</summary>
    public int EndTokenId => _specialTokens.End.Id;

    /// <summary>Id of the token that fills a sequence up to <see cref="MaxLength"/>.</summary>
    public int PaddingTokenId => _specialTokens.Padding.Id;

    /// <summary>
    /// Loads the tokenizer folder of a model: <c>vocab.json</c> and <c>merges.txt</c>, or where one of them is not there <c>tokenizer.json</c>,
    /// and where they exist <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What to set differently from the folder's files; null for nothing.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or names a token that the vocabulary does not have.</exception>
    public static ClipTokenizer Load(string folder, ClipTokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, "the folder is missing; expected vocab.json and merges.txt, or tokenizer.json in it.");
        }

        options ??= new ClipTokenizerOptions();
        (string vocabulary, string merges, string both) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), Path.Combine(folder, "tokenizer.json"));
        if (!File.Exists(both) || (File.Exists(vocabulary) && File.Exists(merges)))
        {
            return Load(vocabulary, merges, TokenizerConfig.Load(folder), options);
        }

        var tokenizer = ClipTokenizerJson.Load(both);
        return new ClipTokenizer(tokenizer.Vocabulary, tokenizer.Merges, tokenizer.AddedTokens, TokenizerConfig.Load(folder, tokenizer.Normalization, tokenizer.Defaults), options);
    }

    /// <summary>Loads a tokenizer from two files, wherever they are; everything else is the default or an option.</summary>
    /// <param name="vocabularyPath">A JSON object of tokens and their ids.</param>
    /// <param name="mergesPath">The merges, one pair of tokens per line in the order in which they apply.</param>
    /// <param name="options">What to set differently from the defaults; null for nothing.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="vocabularyPath"/> or <paramref name="mergesPath"/> is null or empty.</exception>
    /// <exception cref="ModelFormatException">A file is missing or damaged, or the vocabulary lacks a special token.</exception>
    public static ClipTokenizer LoadFiles(string vocabularyPath, string mergesPath, ClipTokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyPath);
        ArgumentException.ThrowIfNullOrEmpty(mergesPath);
        return Load(vocabularyPath, mergesPath, TokenizerConfig.Empty, options ?? new ClipTokenizerOptions());
    }

    /// <summary>The same tokenizer with one more word (textual inversion, arXiv:2208.01618), whose ids follow the vocabulary.</summary>
    /// <param name="word">The word, exactly as texts have it.</param>
    /// <param name="count">How many ids it becomes.</param>
    /// <returns>The tokenizer; this one stays as it is.</returns>
    /// <exception cref="ArgumentException"><paramref name="word"/> is null or empty, or a token of the vocabulary or one that was added.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public ClipTokenizer With(string word, int count = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return _vocabulary.TryGetId(word, out _) || _specialTokens.All.Any(token => token.Text == word)
            ? throw new ArgumentException($"The tokenizer has the token '{word}' already.", nameof(word))
            : new ClipTokenizer(this, new SpecialToken(word, VocabularySize, Count: count));
    }

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text)
    {
        List<int> textIds = EncodeToList(text);
        int kept = Math.Min(textIds.Count, MaxLength - 2);
        return new TokenizedText(Frame(textIds, kept), kept + 2, kept < textIds.Count ? Decode(textIds[kept..]) : null);
    }

    /// <summary>The ids of a text alone: no begin, end or padding token, and nothing cut off.</summary>
    /// <param name="text">The text, of any length; may be empty.</param>
    /// <returns>The ids, as many as the text has tokens.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> Encode(string text) => EncodeToList(text);

    /// <summary>
    /// The text of some ids, as the tokenizer reads it: lower case, one space between words. Special tokens are written out, and bytes that
    /// form no character are U+FFFD.
    /// </summary>
    /// <param name="ids">Any ids of the vocabulary, also a part of a text's.</param>
    /// <returns>The text. That of a whole text's ids encodes to them again, unless lower-casing U+0130 put marks out of order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _decoder.Decode(ids);
    }

    /// <summary>Begin token, the first tokens of a text, end token, padding: <see cref="MaxLength"/> ids.</summary>
    internal int[] Frame(List<int> text, int count) => TokenFrame.Around(text, count, BeginTokenId, EndTokenId, PaddingTokenId, MaxLength);

    /// <summary>Whether a word is over behind a token.</summary>
    internal bool EndsWord(int id) => _vocabulary.TryGetToken(id, out string? token) && token.EndsWith(BytePairEncoder.EndOfWord, StringComparison.Ordinal);

    private static ClipTokenizer Load(string vocabularyPath, string mergesPath, TokenizerConfig config, ClipTokenizerOptions options)
    {
        var vocabulary = ClipVocabulary.Read(vocabularyPath, ConfigFile.Load(vocabularyPath).Root, []);
        return new ClipTokenizer(vocabulary, BytePairMerges.Load(mergesPath, vocabulary), [], config, options);
    }

    private List<int> EncodeToList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 4);
        ReadOnlySpan<char> rest = text;
        while (_specialTokens.TryTake(ref rest, out ReadOnlySpan<char> before, out SpecialToken? token))
        {
            AppendWords(before, ids);
            for (int i = 0; i < token.Count; i++)
            {
                ids.Add(token.Id + i);
            }
        }

        AppendWords(rest, ids);
        return ids;
    }

    private void AppendWords(ReadOnlySpan<char> text, List<int> ids)
    {
        var words = new ClipWordSplitter(ClipTextNormalizer.Normalize(text, _lowercase), _specialTokens);
        while (words.MoveNext())
        {
            if (words.SpecialTokenId is { } id)
            {
                ids.Add(id);
            }
            else
            {
                _encoder.Encode(words.Current, ids);
            }
        }
    }
}
