using System.Buffers.Binary;

namespace DiffusionSharp.Text;

/// <summary>
/// Replacements of characters that a SentencePiece model brings, for example those of Normalization Form KC: a double array (Aoe 1989, in the
/// units of darts-clone) that finds strings of UTF-8, and the replacements, each ended by a zero.
/// </summary>
internal sealed class CharacterMap
{
    private const uint LeafFlag = 1u << 8;
    private const uint ValueFlag = 1u << 31;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads a map: the length of the double array in bytes, the double array, the replacements.</summary>
    /// <exception cref="ModelFormatException">The lengths contradict each other.</exception>
    public static CharacterMap Read(string path, ReadOnlySpan<byte> map)
    {
        uint length = map.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(map) : 0;
        if (length is 0 || length % sizeof(uint) != 0 || length >= map.Length - sizeof(uint))
        {
            throw new ModelFormatException(path, $"the map of characters is damaged: it has {map.Length} bytes, of which its search tree is to take {length}.");
        }

        var units = new uint[length / sizeof(uint)];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[((i + 1) * sizeof(uint))..]);
        }

        return new CharacterMap(units, [.. map[(sizeof(uint) + (int)length)..], 0]);
    }

    /// <summary>Finds the longest string of the map that a text starts with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What it becomes; may be empty.</param>
    /// <param name="length">How many bytes of the text it takes.</param>
    public bool TryReplace(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement, out int length)
    {
        uint value = 0;
        length = 0;
        uint position = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            position ^= text[i];
            if (position >= _units.Length || (_units[position] & (ValueFlag | 0xFF)) != text[i])
            {
                break;
            }

            uint unit = _units[position];
            position ^= Offset(unit);
            if ((unit & LeafFlag) != 0 && position < _units.Length)
            {
                (value, length) = (_units[position] & ~ValueFlag, i + 1);
            }
        }

        // A damaged map may point anywhere.
        replacement = value < _replacements.Length ? _replacements.AsSpan((int)value) : "\0"u8;
        replacement = replacement[..replacement.IndexOf((byte)0)];
        return length > 0;
    }

    // The distance to the children, which far ones say in units of 256.
    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);
}
