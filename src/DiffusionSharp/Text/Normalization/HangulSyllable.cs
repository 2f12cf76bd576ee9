namespace DiffusionSharp.Text;

/// <summary>Korean syllables, which compose by arithmetic (Unicode Standard, section 3.12).</summary>
internal static class HangulSyllable
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLeading = 0x1100;
    private const int FirstVowel = 0x1161;

    // One before the first trailing consonant: position 0 means that there is none.
    private const int NoTrailing = 0x11A7;

    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int SyllableCount = LeadingCount * VowelCount * TrailingCount;

    /// <summary>Whether the code point is a vowel or a trailing consonant, which can join what precedes it.</summary>
    public static bool CanFollow(int codePoint) =>
        codePoint is (>= FirstVowel and < FirstVowel + VowelCount) or (> NoTrailing and < NoTrailing + TrailingCount);

    public static bool TryDecompose(int codePoint, out int leading, out int vowel, out int trailing)
    {
        int index = codePoint - FirstSyllable;
        if (index is < 0 or >= SyllableCount)
        {
            leading = vowel = trailing = 0;
            return false;
        }

        leading = FirstLeading + (index / (VowelCount * TrailingCount));
        vowel = FirstVowel + (index / TrailingCount % VowelCount);
        trailing = index % TrailingCount is > 0 and int position ? NoTrailing + position : 0;
        return true;
    }

    public static bool TryCompose(int first, int second, out int composed)
    {
        int leading = first - FirstLeading;
        int vowel = second - FirstVowel;
        if (leading is >= 0 and < LeadingCount && vowel is >= 0 and < VowelCount)
        {
            composed = FirstSyllable + (((leading * VowelCount) + vowel) * TrailingCount);
            return true;
        }

        int open = first - FirstSyllable;
        int trailing = second - NoTrailing;
        bool isOpen = open is >= 0 and < SyllableCount && open % TrailingCount == 0;
        composed = first + trailing;
        return isOpen && trailing is > 0 and < TrailingCount;
    }
}
