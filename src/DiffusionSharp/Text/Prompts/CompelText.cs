using System.Globalization;

namespace DiffusionSharp.Text;

/// <summary>A text of compel's syntax and where things in it end. Spaces in front of symbols do not count.</summary>
internal sealed class CompelText(string text)
{
    private const string Spaces = " \t\r\n";
    private const string Symbols = "()\",.+-=";

    public int Length => text.Length;

    public char this[int at] => text[at];

    public string this[Range range] => text[range];

    public bool TrySymbol(string symbol, int at, out int end)
    {
        int start = SkipSpaces(at);
        bool isThere = string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0;
        end = isThere ? start + symbol.Length : at;
        return isThere;
    }

    public int SkipSpaces(int at)
    {
        while (at < text.Length && IsSpace(at))
        {
            at++;
        }

        return at;
    }

    /// <summary>Behind everything up to a space.</summary>
    public int RunEnd(int at)
    {
        while (at < text.Length && !IsSpace(at) && text[at] is not ('\v' or '\f'))
        {
            at++;
        }

        return at;
    }

    /// <summary>Behind a word without symbols, but for those that are escaped, and signs within it.</summary>
    public int WordEnd(int at)
    {
        while (at < text.Length)
        {
            bool hasNext = at + 1 < text.Length;
            if (text[at] == '\\' && hasNext && IsSymbol(at + 1))
            {
                at += 2;
            }
            else if (!IsSpace(at) && text[at] is not ('\v' or '\f') && (!IsSymbol(at) || (text[at] is '+' or '-' && hasNext && !IsSymbol(at + 1) && !IsSpace(at + 1))))
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Behind the name of an option.</summary>
    public int NameEnd(int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-'))
        {
            at++;
        }

        return at;
    }

    /// <summary>Behind a number with a point and perhaps a sign, or a whole one that may be negative; -1 where there is none.</summary>
    public int NumberEnd(int at)
    {
        int digits = at < text.Length && text[at] is '+' or '-' ? at + 1 : at;
        int point = DigitsEnd(digits);
        int end = point < text.Length && text[point] == '.' ? DigitsEnd(point + 1) : -1;
        bool hasPoint = end > point + 1 || (end > 0 && point > digits);
        return hasPoint ? end : point > digits && text[at] != '+' ? point : -1;
    }

    /// <summary>The quote that closes one: the first that is not escaped, in the same line, or else the last that is; -1 where there is none.</summary>
    public int ClosingQuote(int start)
    {
        int escaped = -1;
        for (int at = start + 1; at < text.Length && text[at] is not ('\n' or '\r'); at++)
        {
            if (text[at] == '"')
            {
                return at;
            }

            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '"')
            {
                escaped = ++at;
            }
        }

        return escaped;
    }

    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;

    private int DigitsEnd(int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private bool IsSpace(int at) => Spaces.Contains(text[at], StringComparison.Ordinal);

    private bool IsSymbol(int at) => Symbols.Contains(text[at], StringComparison.Ordinal);
}
