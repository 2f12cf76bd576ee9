using System.Text;

namespace DiffusionSharp.Text;

/// <summary>
/// Spells a word in UTF-8 bytes, the last one marked as the end of the word, then merges neighbours: always the pair that is first in
/// the list of merges, everywhere in the word (Sennrich et al. 2016, arXiv:1508.07909). Safe for concurrent calls.
/// </summary>
internal sealed class BytePairEncoder
{
    /// <summary>How a token says that it ends a word.</summary>
    public const string EndOfWord = "</w>";

    // Above this many bytes the queue of LongWordMerger costs less than searching every pair again after each merge.
    private const int LongestShortWord = 32;

    private readonly BytePairMerges _merges;
    private readonly int[] _byteIds = new int[256];
    private readonly int[] _lastByteIds = new int[256];
    private readonly WordCache _cache = new();

    /// <exception cref="ModelFormatException">The vocabulary lacks a byte and there is no unknown token.</exception>
    public BytePairEncoder(ClipVocabulary vocabulary, BytePairMerges merges, SpecialToken? unknown)
    {
        _merges = merges;
        for (int value = 0; value < 256; value++)
        {
            string token = ByteAlphabet.ToCharacter((byte)value).ToString();
            _byteIds[value] = IdOf(token);
            _lastByteIds[value] = IdOf(token + EndOfWord);
        }

        int IdOf(string token) => vocabulary.TryGetId(token, out int id) ? id
            : unknown?.Id ?? throw new ModelFormatException(vocabulary.Path, $"has neither the token '{token}' nor an unknown token to stand for it.");
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> destination)
    {
        if (_cache.TryGet(word, out int[]? ids))
        {
            destination.AddRange(ids);
            return;
        }

        int[] symbols = Spell(word);
        int count = symbols.Length <= LongestShortWord ? MergeShortWord(symbols) : new LongWordMerger(symbols, _merges).Merge();
        destination.AddRange(symbols.AsSpan(0, count));
        _cache.Add(word, symbols.AsSpan(0, count));
    }

    private int[] Spell(ReadOnlySpan<char> word)
    {
        int count = Encoding.UTF8.GetByteCount(word);
        Span<byte> bytes = count <= 256 ? stackalloc byte[count] : new byte[count];
        _ = Encoding.UTF8.GetBytes(word, bytes);

        int[] symbols = new int[count];
        for (int i = 0; i < count - 1; i++)
        {
            symbols[i] = _byteIds[bytes[i]];
        }

        symbols[^1] = _lastByteIds[bytes[^1]];
        return symbols;
    }

    /// <summary>Merges in place.</summary>
    /// <returns>How many leading symbols hold the result.</returns>
    private int MergeShortWord(Span<int> symbols)
    {
        Span<BytePairMerge> candidates = stackalloc BytePairMerge[LongestShortWord];
        while (true)
        {
            int lowestRank = BytePairMerge.None.Rank;
            for (int i = 0; i < symbols.Length - 1; i++)
            {
                candidates[i] = _merges.Find(symbols[i], symbols[i + 1]);
                lowestRank = Math.Min(lowestRank, candidates[i].Rank);
            }

            if (lowestRank == BytePairMerge.None.Rank)
            {
                return symbols.Length;
            }

            int count = 0;
            for (int i = 0; i < symbols.Length; i++)
            {
                bool merges = i < symbols.Length - 1 && candidates[i].Rank == lowestRank;
                symbols[count++] = merges ? candidates[i++].Result : symbols[i];
            }

            symbols = symbols[..count];
        }
    }
}
