using System.Globalization;

namespace DiffusionSharp.Samples.Claims;

/// <summary>What is written between the markers of the page.</summary>
internal static class Markdown
{
    public static IEnumerable<string> Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows) =>
        [Row(heads), Row([.. heads.Select(_ => "---")]), .. rows.Select(Row)];

    /// <summary>Whether a measured number is larger, smaller or about as large as another, as a paper says that it is.</summary>
    /// <param name="claim">What the paper says.</param>
    /// <param name="expected">1 for larger, -1 for smaller, 0 for not told apart.</param>
    /// <param name="first">The one number.</param>
    /// <param name="second">The other.</param>
    public static string Finding(string claim, int expected, Estimate first, Estimate second)
    {
        int found = first.Against(second);
        string answer = found == expected ? "so it is here" : found == 0 ? "**not told apart here**" : expected == 0 ? "**told apart here**" : "**the other way round here**";
        return string.Create(CultureInfo.InvariantCulture, $"- {claim}: {answer}, {first.Mean:0.###} against {second.Mean:0.###}.");
    }

    /// <summary>A page with something else between its markers <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- end of name --&gt;</c>.</summary>
    /// <exception cref="InvalidDataException">The page has no such markers.</exception>
    public static string Replace(string page, string name, IEnumerable<string> lines)
    {
        (string start, string end) = ($"<!-- {name} -->\n", $"<!-- end of {name} -->");
        (int from, int to) = (page.IndexOf(start, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        return from >= 0 && to > from
            ? $"{page[..(from + start.Length)]}\n{string.Join('\n', lines)}\n\n{page[to..]}"
            : throw new InvalidDataException($"The page has no markers '{start.TrimEnd()}' and '{end}'.");
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
