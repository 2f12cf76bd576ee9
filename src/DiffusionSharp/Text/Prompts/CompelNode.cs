using System.Text;

namespace DiffusionSharp.Text;

/// <summary>A piece of text, or nodes that are weighted together.</summary>
internal sealed record CompelNode(string Text, double Weight, IReadOnlyList<CompelNode>? Children)
{
    /// <summary>A piece of weight 1.</summary>
    public static CompelNode Piece(string text) => new(Unescaped(text), 1, null);

    /// <summary>The pieces of nodes, weights multiplied from the outside in; neighbours of one weight are one piece with a space between.</summary>
    public static List<WeightedText> Flatten(IReadOnlyList<CompelNode> nodes)
    {
        var pieces = new List<(StringBuilder Text, double Weight)>();
        Flatten(nodes, 1, pieces);
        return pieces.ConvertAll(piece => new WeightedText(Unescaped(piece.Text.ToString()), piece.Weight));
    }

    private static void Flatten(IReadOnlyList<CompelNode> nodes, double scale, List<(StringBuilder Text, double Weight)> pieces)
    {
        foreach (CompelNode node in nodes)
        {
            if (node.Children is { } children)
            {
                Flatten(children, scale * node.Weight, pieces);
            }
            else if (pieces.Count > 0 && pieces[^1].Weight == node.Weight * scale)
            {
                pieces[^1].Text.Append(' ').Append(Unescaped(node.Text));
            }
            else
            {
                pieces.Add((new StringBuilder(Unescaped(node.Text)), node.Weight * scale));
            }
        }
    }

    private static string Unescaped(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? text.Replace("\\(", "(", StringComparison.Ordinal).Replace("\\)", ")", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)
        : text;
}
