namespace DiffusionSharp.Text;

/// <summary>
/// One printable character for each byte, which is how byte-level vocabularies write their tokens: printable Latin-1 stands for
/// itself, the other 68 bytes are U+0100 and up in order.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100;

    private static readonly char[] Characters = CreateCharacters();
    private static readonly Dictionary<char, byte> Bytes = CreateBytes();

    public static char ToCharacter(byte value) => Characters[value];

    public static bool TryToByte(char character, out byte value) => Bytes.TryGetValue(character, out value);

    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        int substitutes = 0;
        for (int value = 0; value < characters.Length; value++)
        {
            bool isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(isPrintable ? value : FirstSubstitute + substitutes++);
        }

        return characters;
    }

    private static Dictionary<char, byte> CreateBytes()
    {
        var bytes = new Dictionary<char, byte>(256);
        for (int value = 0; value < 256; value++)
        {
            bytes.Add(Characters[value], (byte)value);
        }

        return bytes;
    }
}
