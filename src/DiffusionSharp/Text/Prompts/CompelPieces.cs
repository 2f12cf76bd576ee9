namespace DiffusionSharp.Text;

/// <summary>
/// Reads the weighted pieces of compel's prompts: <c>word++</c>, <c>(some words)1.3</c>, <c>"some words"--</c>. What is no syntax is text. Choices are ordered, as
/// in the original, and remembered for each bracket, so that its time is linear.
/// </summary>
/// <param name="prompt">The prompt as it was written, for errors.</param>
/// <param name="text">The text to read.</param>
/// <param name="column">The column of the prompt that a place of the text comes from.</param>
internal sealed class CompelPieces(string prompt, string text, Func<int, int> column)
{
    private const double Stronger = 1.1;
    private const double Weaker = 0.9;

    private readonly CompelText _text = new(text);
    private readonly Dictionary<int, (int End, List<CompelNode> Nodes)?> _groups = [];
    private int _depth;

    public PromptSyntaxException Error(int at, string problem) => new(prompt, column(at), problem);

    /// <summary>The text of a prompt: weighted pieces, and words of any characters.</summary>
    public (List<CompelNode> Nodes, int End) ParsePrompt()
    {
        var nodes = new List<CompelNode>();
        int at = 0;
        while (at < _text.Length)
        {
            if (TryTarget(at, out Target target) && (TryWeight(ref target) || !target.IsWord))
            {
                nodes.AddRange(target.Nodes);
                at = target.End;
            }
            else if (_text.RunEnd(at) is var end && end > at)
            {
                nodes.Add(CompelNode.Piece(_text[at..end]));
                at = end;
            }
            else if (_text.SkipSpaces(at) is var behind && behind > at)
            {
                at = behind;
            }
            else
            {
                break;
            }
        }

        return (nodes, at);
    }

    // What stands in brackets or quotes: weighted pieces, words without symbols, commas and full stops.
    private int ParsePieces(int at, List<CompelNode> nodes)
    {
        while (true)
        {
            if (TryTarget(at, out Target target))
            {
                _ = TryWeight(ref target);
                nodes.AddRange(target.Nodes);
                at = target.End;
            }
            else if (_text.TrySymbol(",", at, out int next) || _text.TrySymbol(".", at, out next))
            {
                nodes.Add(CompelNode.Piece(_text[(next - 1)..next]));
                at = next;
            }
            else
            {
                return at;
            }
        }
    }

    /// <summary>Something that a weight can stand behind.</summary>
    public bool TryTarget(int at, out Target target)
    {
        int start = _text.SkipSpaces(at);
        target = default;
        if (start == _text.Length)
        {
            return false;
        }

        if ((_text.TrySymbol("useLora", start, out int lora) || _text.TrySymbol("withLora", start, out lora)) && _text.TrySymbol("(", lora, out _))
        {
            throw Error(start, "a LoRA is no part of a prompt here");
        }

        switch (_text[start])
        {
            case '(':
                return TryGroup(start, out target);
            case '"':
                return TryQuoted(start, isWholePrompt: false, out target);
            default:
                int end = _text.WordEnd(start);
                target = new Target(end, end > start ? [CompelNode.Piece(_text[start..end])] : [], IsWord: true);
                return end > start;
        }
    }

    private bool TryGroup(int start, out Target target)
    {
        if (!_groups.TryGetValue(start, out (int End, List<CompelNode> Nodes)? group))
        {
            if (++_depth > EmphasisParser.DeepestNesting)
            {
                throw Error(start, $"brackets are nested more than {EmphasisParser.DeepestNesting} deep");
            }

            var nodes = new List<CompelNode>();
            int end = ParsePieces(start + 1, nodes);
            group = _text.TrySymbol(")", end, out end) ? (end, nodes) : null;
            _groups.Add(start, group);
            _depth--;
        }

        target = group is { } found ? new Target(found.End, found.Nodes, IsWord: false) : default;
        return group is not null;
    }

    /// <summary>What stands in quotes: pieces as in brackets, or the text of a whole prompt.</summary>
    public bool TryQuoted(int at, bool isWholePrompt, out Target target)
    {
        int start = _text.SkipSpaces(at);
        target = default;
        int end = start < _text.Length && _text[start] == '"' ? _text.ClosingQuote(start) : -1;
        if (end < 0)
        {
            return false;
        }

        string content = Unquoted(_text[(start + 1)..end]);
        if (string.IsNullOrWhiteSpace(content))
        {
            target = new Target(end + 1, [CompelNode.Piece("")], IsWord: false);
            return true;
        }

        // What is refused inside is refused where the quotes begin.
        var inner = new CompelPieces(prompt, content.Replace("\"", "\\\"", StringComparison.Ordinal), _ => column(start));
        var nodes = new List<CompelNode>();
        int innerEnd;
        if (isWholePrompt)
        {
            (nodes, innerEnd) = inner.ParsePrompt();
        }
        else
        {
            innerEnd = inner.ParsePieces(0, nodes);
        }

        target = new Target(end + 1, nodes, IsWord: false);
        return inner._text.SkipSpaces(innerEnd) == inner._text.Length;
    }

    private static string Unquoted(string text) => text
        .Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\f", "\f", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
        .Replace("\\\"", "\"", StringComparison.Ordinal);

    // Behind a target: ++, --, a number behind brackets or quotes, .attend(...); .swap(...) is refused.
    private bool TryWeight(ref Target target)
    {
        if (_text.TrySymbol(".attend", target.End, out int inside) && _text.TrySymbol("(", inside, out inside) && WeightAt(_text.SkipSpaces(inside), allowsNumber: true, out int end) is { } weight && _text.TrySymbol(")", end, out end))
        {
            target = new Target(end, [new CompelNode("", weight, target.Nodes)], IsWord: false);
            return true;
        }

        if (WeightAt(target.End, allowsNumber: !target.IsWord, out end) is { } written)
        {
            target = new Target(end, [new CompelNode("", written, target.Nodes)], IsWord: false);
            return true;
        }

        return _text.TrySymbol(".swap", target.End, out inside) && _text.TrySymbol("(", inside, out _)
            ? throw Error(target.End, ".swap is not read here: it changes the network's attention and not the prompt's embedding")
            : false;
    }

    private double? WeightAt(int at, bool allowsNumber, out int end)
    {
        end = at;
        double? weight;
        if (at < _text.Length && _text[at] is '+' or '-')
        {
            while (end < _text.Length && _text[end] == _text[at])
            {
                end++;
            }

            weight = Math.Pow(_text[at] == '+' ? Stronger : Weaker, end - at);
        }
        else
        {
            end = allowsNumber ? _text.NumberEnd(at) : -1;
            weight = end < 0 ? null : CompelText.Number(_text[at..end]);
        }

        return weight is null || float.IsFinite((float)weight) ? weight : throw Error(at, "the weight is not a finite number");
    }

    /// <summary>Nodes up to a place.</summary>
    public readonly record struct Target(int End, List<CompelNode> Nodes, bool IsWord);
}
