using System.Text;
using System.Text.Unicode;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>EXIF's comment: 8 bytes that name a character code, then the text. Tools agree on neither, so the text is looked at, too.</summary>
internal static class UserComment
{
    private const int CodeLength = 8;

    private static ReadOnlySpan<byte> UnicodeCode => "UNICODE\0"u8;

    /// <summary>UTF-16 with the high byte first, as the web UI writes it.</summary>
    public static byte[] Encode(string text) => [.. UnicodeCode, .. Encoding.BigEndianUnicode.GetBytes(text)];

    public static string Decode(ReadOnlySpan<byte> comment, bool bigEndian)
    {
        ReadOnlySpan<byte> text = comment;
        if (comment.Length >= CodeLength)
        {
            ReadOnlySpan<byte> code = comment[..CodeLength];
            bool isCode = code.SequenceEqual(UnicodeCode) || code.SequenceEqual("ASCII\0\0\0"u8) || code.SequenceEqual("JIS\0\0\0\0\0"u8) || !code.ContainsAnyExcept((byte)0);
            text = isCode ? comment[CodeLength..] : comment;
        }

        return Text(text, bigEndian).Trim('\0', ' ');
    }

    // Of a text in UTF-16 some bytes are 0, because settings have Latin names; in no other code one is, except behind the end.
    private static string Text(ReadOnlySpan<byte> text, bool bigEndian)
    {
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Encoding.BigEndianUnicode.GetString(text[2..]);
        }

        if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return Encoding.Unicode.GetString(text[2..]);
        }

        if (!text.TrimEnd((byte)0).Contains((byte)0))
        {
            return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text);
        }

        (int even, int odd) = (0, 0);
        for (int i = 0; i + 1 < text.Length; i += 2)
        {
            even += text[i] == 0 ? 1 : 0;
            odd += text[i + 1] == 0 ? 1 : 0;
        }

        bool highFirst = even == odd ? bigEndian : even > odd;
        return (highFirst ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(text);
    }
}
