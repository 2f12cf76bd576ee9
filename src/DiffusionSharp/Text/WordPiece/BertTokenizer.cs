using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DiffusionSharp.Text;

/// <summary>
/// The tokenizer of BERT text encoders (Devlin et al. 2018, arXiv:1810.04805), which the first latent diffusion models have: words spelled in
/// pieces, the longest that fits first.
/// </summary>
/// <remarks>
/// <para>Control characters are dropped, punctuation marks and Chinese characters are words of their own, and unless the folder says otherwise the
/// text is in lower case and without accents. Any text has ids: a word that cannot be spelled, or has more than 100 characters, is one unknown
/// token. The time is linear in the length of the text.</para>
/// <para>A special token that is written out in a text, for example <c>[SEP]</c>, becomes that token.</para>
/// <para>Immutable and safe for concurrent calls. The ids are those of Hugging Face transformers' <c>BertTokenizer</c>.</para>
/// </remarks>
public sealed class BertTokenizer : ITokenizer
{
    /// <summary>The smallest <see cref="MaxLength"/>: a begin and an end token.</summary>
    public const int SmallestMaxLength = 2;

    /// <summary>The largest <see cref="MaxLength"/>.</summary>
    public const int LargestMaxLength = TokenizerConfig.LargestMaxLength;

    private const int DefaultMaxLength = 512;

    private readonly WordPieceVocabulary _vocabulary;
    private readonly BertWords _words;
    private readonly SpecialTokens _specialTokens;
    private readonly SpecialToken _begin;
    private readonly SpecialToken _end;
    private readonly SpecialToken _padding;
    private readonly SpecialToken _unknown;

    private BertTokenizer(WordPieceVocabulary vocabulary, IReadOnlyList<SpecialToken> tokens, TokenizerConfig config, int? maxLength)
    {
        _vocabulary = vocabulary;
        bool isLowercase = config.Flag("do_lower_case") ?? true;
        _words = new BertWords
        {
            IsBasic = config.Flag("do_basic_tokenize") ?? true,
            IsLowercase = isLowercase,
            StripsAccents = config.Flag("strip_accents") ?? isLowercase,
            SplitsIdeographs = config.Flag("tokenize_chinese_chars") ?? true,
        };
        if (config.Find("never_split") is var (path, words) && (words.ValueKind != JsonValueKind.Array || words.GetArrayLength() > 0))
        {
            throw new ModelFormatException(path, $"words that are never split are not supported: 'never_split' must be null, found {words.GetRawText()}.");
        }

        IReadOnlyList<SpecialToken> added = [.. tokens, .. config.AddedTokens()];
        (_unknown, _begin, _end, _padding) = (Token("unk_token", "[UNK]"), Token("cls_token", "[CLS]"), Token("sep_token", "[SEP]"), Token("pad_token", "[PAD]"));
        _specialTokens = new SpecialTokens([Token("mask_token", "[MASK]"), _unknown, _begin, _end, _padding, .. added]);
        MaxLength = maxLength ?? config.MaxLength(SmallestMaxLength) ?? DefaultMaxLength;

        SpecialToken Token(string key, string defaultText) => config.Token(key, defaultText, added, vocabulary.TryGetId, vocabulary.Path);
    }

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <summary>How many tokens the vocabulary has.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>Id of the token that begins every sequence.</summary>
    public int BeginTokenId => _begin.Id;

    /// <summary>Id of the token after the last one of the text.</summary>
    public int EndTokenId => _end.Id;

    /// <summary>Id of the token that fills a sequence up to <see cref="MaxLength"/>.</summary>
    public int PaddingTokenId => _padding.Id;

    /// <summary>Id of the token that stands for a word that cannot be spelled.</summary>
    public int UnknownTokenId => _unknown.Id;

    /// <summary>
    /// Loads the tokenizer folder of a model: <c>vocab.txt</c>, or where it is not there <c>tokenizer.json</c>, and where they exist
    /// <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, which count more.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxLength">
    /// Length of every sequence in tokens, begin, end and padding included, in [<see cref="SmallestMaxLength"/>, <see cref="LargestMaxLength"/>]; null
    /// for <c>model_max_length</c>, or else 512. The pipeline of the first latent diffusion models reads 77.
    /// </param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is outside its range.</exception>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or names a token that the vocabulary does not have.</exception>
    public static BertTokenizer Load(string folder, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        TokenizerConfig.CheckMaxLength(maxLength, SmallestMaxLength);
        (string words, string json) = (Path.Combine(folder, "vocab.txt"), Path.Combine(folder, "tokenizer.json"));
        if (File.Exists(words) || !File.Exists(json))
        {
            return new BertTokenizer(WordPieceVocabulary.Load(words), [], TokenizerConfig.Load(folder), maxLength);
        }

        BertTokenizerJson file = BertTokenizerJson.Load(json);
        return new BertTokenizer(file.Vocabulary, file.AddedTokens, TokenizerConfig.Load(folder, weaker: file.Defaults), maxLength);
    }

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text)
    {
        List<int> textIds = EncodeToList(text);
        int kept = Math.Min(textIds.Count, MaxLength - 2);
        int[] ids = TokenFrame.Around(textIds, kept, BeginTokenId, EndTokenId, PaddingTokenId, MaxLength);
        return new TokenizedText(ids, kept + 2, kept < textIds.Count ? Decode(textIds[kept..]) : null);
    }

    /// <summary>The ids of a text alone: no begin, end or padding token, and nothing cut off.</summary>
    /// <param name="text">The text, of any length; may be empty.</param>
    /// <returns>The ids, as many as the text has tokens.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> Encode(string text) => EncodeToList(text);

    /// <summary>The text of some ids, as the tokenizer reads it: one space between words, also around punctuation marks.</summary>
    /// <param name="ids">Any ids, also a part of a text's.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            string token = _vocabulary.TryGetToken(id, out string? piece) ? piece
                : _specialTokens.All.FirstOrDefault(special => special.Id == id)?.Text ?? throw new ArgumentOutOfRangeException(nameof(ids), id, "The vocabulary has no such id.");
            bool goesOn = token.StartsWith("##", StringComparison.Ordinal) && text.Length > 0;
            text.Append(goesOn || text.Length == 0 ? "" : " ").Append(goesOn ? token[2..] : token);
        }

        return text.ToString();
    }

    private List<int> EncodeToList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 4);
        ReadOnlySpan<char> rest = text;
        while (_specialTokens.TryTake(ref rest, out ReadOnlySpan<char> before, out SpecialToken? token))
        {
            AppendWords(before, ids);
            ids.Add(token.Id);
        }

        AppendWords(rest, ids);
        return ids;
    }

    private void AppendWords(ReadOnlySpan<char> text, List<int> ids)
    {
        string split = _words.Split(text);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(split.Length));
        ReadOnlySpan<byte> words = utf8.AsSpan(0, Encoding.UTF8.GetBytes(split, utf8));
        foreach (Range word in words.Split((byte)' '))
        {
            if (!words[word].IsEmpty)
            {
                _vocabulary.Encode(words[word], UnknownTokenId, ids);
            }
        }

        ArrayPool<byte>.Shared.Return(utf8);
    }
}
