using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>
/// The tokenizer of T5 text encoders (Raffel et al. 2020, arXiv:1910.10683), which Stable Diffusion 3, Flux, PixArt and IF have: SentencePiece
/// with a unigram model (Kudo and Richardson 2018, arXiv:1808.06226).
/// </summary>
/// <remarks>
/// <para>A text is normalised as the model itself says (T5: Normalization Form KC without control characters, spaces merged) and spelled in the
/// most probable pieces. Any text has ids: characters without a piece are the unknown token, several in a row one, or their UTF-8 bytes where the
/// model has pieces for them; an unpaired surrogate counts as U+FFFD. The time is linear in the length of the text.</para>
/// <para>A special token that is written out in a text, for example <c>&lt;/s&gt;</c> or <c>&lt;extra_id_0&gt;</c>, becomes that token.</para>
/// <para>Immutable and safe for concurrent calls. The ids are those of Google's sentencepiece with the special tokens of Hugging Face
/// transformers' <c>T5Tokenizer</c>: behind one of them a text gets a space at its start as at the beginning, unless the folder says <c>legacy: false</c>.</para>
/// </remarks>
public sealed class T5Tokenizer : ITokenizer
{
    /// <summary>The smallest <see cref="MaxLength"/>: an end token.</summary>
    public const int SmallestMaxLength = 1;

    /// <summary>The largest <see cref="MaxLength"/>.</summary>
    public const int LargestMaxLength = TokenizerConfig.LargestMaxLength;

    private const int DefaultMaxLength = 512;

    // What sentencepiece writes for it.
    private const string UnknownText = " \u2047 ";

    private readonly UnigramVocabulary _vocabulary;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly UnigramEncoder _encoder;
    private readonly T5SpecialTokens _specialTokens;
    private readonly Dictionary<int, string> _specialTexts;
    private readonly bool _addsSpace;
    private readonly bool _lowercase;
    private readonly bool _isLegacy;

    private T5Tokenizer(SentencePieceModel model, IReadOnlyList<SpecialToken>? added, TokenizerConfig config, int? maxLength, bool lowercase)
    {
        _vocabulary = new UnigramVocabulary(model);
        _normalizer = new SentencePieceNormalizer(model);
        _encoder = new UnigramEncoder(_vocabulary);
        _specialTokens = new T5SpecialTokens(config, _vocabulary, added);
        _specialTexts = _specialTokens.All.All.DistinctBy(token => token.Id).ToDictionary(token => token.Id, token => token.Text);
        _addsSpace = model.AddsSpace && !model.SpaceIsSuffix;
        MaxLength = maxLength ?? config.MaxLength(SmallestMaxLength) ?? DefaultMaxLength;
        _lowercase = lowercase;
        _isLegacy = added is null ? config.Flag("legacy") ?? true : !model.AddsSpaceOnce; // the one file says it itself
    }

    private T5Tokenizer(T5Tokenizer other, int maxLength)
    {
        (_vocabulary, _normalizer, _encoder, _specialTokens, _specialTexts) = (other._vocabulary, other._normalizer, other._encoder, other._specialTokens, other._specialTexts);
        (MaxLength, _addsSpace, _lowercase, _isLegacy) = (maxLength, other._addsSpace, other._lowercase, other._isLegacy);
    }

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <summary>How many pieces the model has; special tokens may have higher ids.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>Id of the token after the last one of the text.</summary>
    public int EndTokenId => _specialTokens.End.Id;

    /// <summary>Id of the token that fills a sequence up to <see cref="MaxLength"/>.</summary>
    public int PaddingTokenId => _specialTokens.Padding.Id;

    /// <summary>Id of the token that stands for characters without a piece.</summary>
    public int UnknownTokenId => _vocabulary.UnknownId;

    /// <summary>
    /// Loads the tokenizer folder of a model: <c>spiece.model</c>, or where it is not there <c>tokenizer.json</c>, and where they exist
    /// <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxLength">
    /// Length of every sequence in tokens, end and padding included, in [<see cref="SmallestMaxLength"/>, <see cref="LargestMaxLength"/>]; null for
    /// <c>model_max_length</c>, or else 512. Pipelines choose it themselves: IF 77, PixArt 120, Stable Diffusion 3 256, Flux 512.
    /// </param>
    /// <param name="lowercase">Whether to read upper case as lower case, letter by letter: the pipelines of IF and PixArt do, those of Stable Diffusion 3 and Flux do not.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is outside its range.</exception>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or names a token that the vocabulary does not have.</exception>
    public static T5Tokenizer Load(string folder, int? maxLength = null, bool lowercase = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        TokenizerConfig.CheckMaxLength(maxLength, SmallestMaxLength);
        (string model, string json) = (Path.Combine(folder, "spiece.model"), Path.Combine(folder, "tokenizer.json"));
        if (File.Exists(model) || !File.Exists(json))
        {
            return new T5Tokenizer(SentencePieceModel.Load(model), null, TokenizerConfig.Load(folder), maxLength, lowercase);
        }

        var file = TokenizerJson.Load(json);
        return new T5Tokenizer(UnigramJson.Read(file), file.AddedTokens, TokenizerConfig.Load(folder), maxLength, lowercase);
    }

    /// <inheritdoc/>
    public ITokenizer WithMaxLength(int length)
    {
        TokenizerConfig.CheckMaxLength(length, SmallestMaxLength);
        return new T5Tokenizer(this, length);
    }

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text)
    {
        List<int> textIds = EncodeToList(text);
        int length = Math.Min(textIds.Count, MaxLength - 1);
        int[] ids = new int[MaxLength];
        textIds.CopyTo(0, ids, 0, length);
        string? truncated = length < textIds.Count ? Decode(textIds[length..]) : null;

        // A text that ends with the end token written out has it already.
        if (length == 0 || ids[length - 1] != EndTokenId)
        {
            ids[length++] = EndTokenId;
        }

        Array.Fill(ids, PaddingTokenId, length, MaxLength - length);
        return new TokenizedText(ids, length, truncated);
    }

    /// <summary>The ids of a text alone: no end or padding token, and nothing cut off.</summary>
    /// <param name="text">The text, of any length; may be empty.</param>
    /// <returns>The ids, as many as the text has tokens.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> Encode(string text) => EncodeToList(text);

    /// <summary>
    /// The text of some ids, as the tokenizer reads it. Special tokens are written out, unknown characters are U+2047 between spaces, and bytes that
    /// form no character are U+FFFD.
    /// </summary>
    /// <param name="ids">Any ids, also a part of a text's.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is neither a piece's nor a special token's.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var utf8 = new List<byte>();
        foreach (int id in ids)
        {
            if (id == UnknownTokenId || _specialTexts.ContainsKey(id))
            {
                utf8.AddRange(Encoding.UTF8.GetBytes(id == UnknownTokenId ? UnknownText : _specialTexts[id]));
            }
            else if (id < 0 || id >= _vocabulary.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, "The vocabulary has no such id.");
            }
            else if (_vocabulary[id].Kind == PieceKind.Byte && UnigramVocabulary.TryParseByte(_vocabulary[id].Text, out byte value))
            {
                utf8.Add(value);
            }
            else
            {
                utf8.AddRange(Encoding.UTF8.GetBytes(_vocabulary[id].Text.Replace('\u2581', ' ')));
            }
        }

        string text = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(utf8));
        return _addsSpace && text.StartsWith(' ') ? text[1..] : text;
    }

    private List<int> EncodeToList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 4);
        string read = _lowercase ? ClipTextNormalizer.ToLower(text) : text;
        ReadOnlySpan<char> rest = _isLegacy ? read : read.Replace('\u2581', ' ');
        bool goesOn = false;
        while (_specialTokens.All.TryTake(ref rest, out ReadOnlySpan<char> before, out SpecialToken? token))
        {
            AppendPieces(before, goesOn, ids);
            ids.Add(token.Id);
            goesOn = !_isLegacy;
        }

        AppendPieces(rest, goesOn, ids);
        return ids;
    }

    private void AppendPieces(ReadOnlySpan<char> text, bool goesOn, List<int> ids)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var normalized = new List<byte>(text.Length + (text.Length / 4) + 8);
        _normalizer.Normalize(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)), normalized, goesOn);
        _encoder.Encode(CollectionsMarshal.AsSpan(normalized), ids);
        ArrayPool<byte>.Shared.Return(utf8);
    }
}
