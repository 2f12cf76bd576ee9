using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionSharp.Tests.Text;

/// <summary>
/// The CLIP tokenizer as papers write it: one regular expression, strings for symbols, quadratic merging, nothing remembered. Texts must
/// be in Normalization Form C already.
/// </summary>
internal sealed partial class TextbookClip
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<(string, string), int> _ranks = [];

    public TextbookClip(string folder)
    {
        _ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(folder, "vocab.json")))!;
        foreach (string line in File.ReadLines(Path.Combine(folder, "merges.txt")).Skip(1))
        {
            string[] parts = line.Split(' ');
            _ranks.Add((parts[0], parts[1]), _ranks.Count);
        }
    }

    public int[] Encode(string text)
    {
        var ids = new List<int>();
        foreach (string piece in Regex.Split(text, @"(<\|startoftext\|>|<\|endoftext\|>)"))
        {
            if (piece is "<|startoftext|>" or "<|endoftext|>")
            {
                ids.Add(_ids[piece]);
                continue;
            }

            foreach (string word in Words(Lower(piece)))
            {
                ids.AddRange(word is "<|startoftext|>" or "<|endoftext|>" ? [_ids[word]] : BytePairs(word));
            }
        }

        return [.. ids];
    }

    private static string Lower(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString()));

    // The regular expressions of .NET see UTF-16 units, so each code point outside ASCII is replaced by one character of its kind.
    private static IEnumerable<string> Words(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        string kinds = string.Concat(runes.Select(rune => rune.IsAscii ? (char)rune.Value
            : Rune.IsLetter(rune) ? 'é'
            : Rune.IsNumber(rune) ? '½'
            : Rune.IsWhiteSpace(rune) ? '\u00A0'
            : '¶'));
        return Word().Matches(kinds).Select(match => string.Concat(runes[match.Index..(match.Index + match.Length)]));
    }

    private IEnumerable<int> BytePairs(string word)
    {
        List<string> symbols = [.. Encoding.UTF8.GetBytes(word).Select(ByteCharacter)];
        symbols[^1] += "</w>";
        while (true)
        {
            (string, string)[] pairs = [.. symbols.Zip(symbols.Skip(1)).Where(_ranks.ContainsKey)];
            if (pairs.Length == 0)
            {
                return symbols.Select(symbol => _ids[symbol]);
            }

            (string left, string right) = pairs.MinBy(pair => _ranks[pair]);
            for (int i = 0; i < symbols.Count - 1; i++)
            {
                if (symbols[i] == left && symbols[i + 1] == right)
                {
                    symbols[i] += right;
                    symbols.RemoveAt(i + 1);
                }
            }
        }
    }

    private static string ByteCharacter(byte value)
    {
        int[] printable = [.. Enumerable.Range(0x21, 94), .. Enumerable.Range(0xA1, 12), .. Enumerable.Range(0xAE, 82)];
        int[] others = [.. Enumerable.Range(0, 256).Except(printable)];
        int substitute = Array.IndexOf(others, value);
        return ((char)(substitute < 0 ? value : 0x100 + substitute)).ToString();
    }

    [GeneratedRegex(@"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")]
    private static partial Regex Word();
}
