using System.Text;

namespace DiffusionSharp.Configuration;

/// <summary>Makes JSON of what Python writes, which has bare Infinity, -Infinity and NaN among its numbers.</summary>
internal static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>The text with those numbers as strings.</summary>
    public static string Quote(string json)
    {
        if (!Words.Any(word => json.Contains(word, StringComparison.Ordinal)))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (!inString && json[i] is '-' or 'I' or 'N'
                && Array.Find(Words, word => string.CompareOrdinal(json, i, word, 0, word.Length) == 0) is { } found)
            {
                text.Append('"').Append(found).Append('"');
                i += found.Length - 1;
                continue;
            }

            text.Append(json[i]);
            if (inString && json[i] == '\\' && i + 1 < json.Length)
            {
                text.Append(json[++i]);
            }
            else if (json[i] == '"')
            {
                inString = !inString;
            }
        }

        return text.ToString();
    }
}
