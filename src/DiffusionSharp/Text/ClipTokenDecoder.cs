using System.Buffers;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>Writes ids as text.</summary>
internal sealed class ClipTokenDecoder
{
    private readonly ClipVocabulary _vocabulary;
    private readonly Dictionary<int, string> _special = [];

    public ClipTokenDecoder(ClipVocabulary vocabulary, ClipSpecialTokens specialTokens)
    {
        _vocabulary = vocabulary;
        foreach (SpecialToken token in specialTokens.All)
        {
            // A word of several ids is written out once.
            for (int i = 0; i < token.Count; i++)
            {
                _special[token.Id + i] = i == 0 ? token.Text : "";
            }
        }
    }

    public string Decode(IEnumerable<int> ids)
    {
        var utf8 = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (_special.TryGetValue(id, out string? special))
            {
                _ = Encoding.UTF8.GetBytes(special, utf8);
            }
            else if (_vocabulary.TryGetToken(id, out string? token))
            {
                AppendBytes(token, utf8);
            }
            else
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, "The vocabulary has no such id.");
            }
        }

        string text = Encoding.UTF8.GetString(utf8.WrittenSpan);
        return text.EndsWith(' ') ? text[..^1] : text;
    }

    private static void AppendBytes(string token, ArrayBufferWriter<byte> utf8)
    {
        bool endsWord = token.EndsWith(BytePairEncoder.EndOfWord, StringComparison.Ordinal);
        ReadOnlySpan<char> spelling = endsWord ? token.AsSpan()[..^BytePairEncoder.EndOfWord.Length] : token;
        foreach (char character in spelling)
        {
            if (ByteAlphabet.TryToByte(character, out byte value))
            {
                utf8.Write([value]);
            }
            else
            {
                _ = Encoding.UTF8.GetBytes([character], utf8);
            }
        }

        if (endsWord)
        {
            utf8.Write(" "u8);
        }
    }
}
