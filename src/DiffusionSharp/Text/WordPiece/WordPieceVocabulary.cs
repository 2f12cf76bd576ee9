using System.Diagnostics.CodeAnalysis;
using System.Text;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.Text;

/// <summary>The tokens of BERT's vocabulary, one a line in a <c>vocab.txt</c>; a line's number from 0 is its id, and <c>##</c> begins one that goes on a word.</summary>
internal sealed class WordPieceVocabulary
{
    /// <summary>Characters of the longest word that is spelled.</summary>
    public const int LongestWord = 100;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly string[] _tokens;
    private readonly ByteTrie _trie;
    private readonly int? _continuation;

    private WordPieceVocabulary(string path, string[] tokens)
    {
        (Path, _tokens) = (path, tokens);
        foreach ((int id, string token) in tokens.Index())
        {
            _ids[token] = id;
        }

        _trie = new ByteTrie(_ids.Where(token => token.Key.Length > 0).Select(token => (Encoding.UTF8.GetBytes(token.Key), token.Value)));
        int node = ByteTrie.Root;
        _continuation = _trie.TryStep(ref node, (byte)'#') && _trie.TryStep(ref node, (byte)'#') ? node : null;
    }

    /// <summary>The file, to name it in errors.</summary>
    public string Path { get; }

    public int Count => _tokens.Length;

    public static WordPieceVocabulary Load(string path)
    {
        string[] lines = ModelText.Read(path).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return new WordPieceVocabulary(path, lines[^1].Length == 0 ? lines[..^1] : lines);
    }

    /// <summary>A vocabulary from elsewhere.</summary>
    /// <param name="path">The file, to name it in errors.</param>
    /// <param name="tokens">The tokens, whose places are their ids.</param>
    public static WordPieceVocabulary Of(string path, string[] tokens) => new(path, tokens);

    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    public bool TryGetToken(int id, [NotNullWhen(true)] out string? token)
    {
        token = id >= 0 && id < _tokens.Length ? _tokens[id] : null;
        return token is not null;
    }

    /// <summary>Appends the ids of a word: the longest token that it begins with, and again for the rest; one unknown token where that does not end.</summary>
    /// <param name="word">UTF-8, not empty.</param>
    /// <param name="unknown">The id of a word that cannot be spelled, or has more than 100 characters.</param>
    /// <param name="ids">Gets the ids.</param>
    public void Encode(ReadOnlySpan<byte> word, int unknown, List<int> ids)
    {
        int before = ids.Count;
        bool isSpelled = CharacterCount(word) <= LongestWord;
        int? node = ByteTrie.Root;
        while (isSpelled && !word.IsEmpty)
        {
            isSpelled = TryFindLongest(word, node, out int length, out int id);
            ids.Add(id);
            word = word[length..];
            node = _continuation;
        }

        if (!isSpelled)
        {
            ids.RemoveRange(before, ids.Count - before);
            ids.Add(unknown);
        }
    }

    private bool TryFindLongest(ReadOnlySpan<byte> text, int? from, out int length, out int id)
    {
        (length, id) = (0, -1);
        int node = from ?? ByteTrie.Root;
        for (int i = 0; from is not null && i < text.Length && _trie.TryStep(ref node, text[i]); i++)
        {
            if (_trie.ValueAt(node) is >= 0 and int found)
            {
                (length, id) = (i + 1, found);
            }
        }

        return length > 0;
    }

    private static int CharacterCount(ReadOnlySpan<byte> utf8)
    {
        int count = 0;
        foreach (byte value in utf8)
        {
            count += (value & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
