namespace DiffusionSharp.Text;

/// <summary>
/// Reads the syntax of compel: <c>word++</c>, <c>(some words)1.3</c>, <c>("one", "two").blend(1, 0.5)</c>, <c>("one", "two").and()</c>. What is no syntax is
/// text. Choices are ordered, as in the original, and remembered for each bracket, so that its time is linear.
/// </summary>
internal sealed class CompelParser
{
    private const double Stronger = 1.1;
    private const double Weaker = 0.9;

    private readonly string _prompt;
    private readonly CompelText _text;
    private readonly Func<int, int> _column;
    private readonly Dictionary<int, (int End, List<CompelNode> Nodes)?> _groups = [];
    private int _depth;

    private CompelParser(string prompt, string text, Func<int, int> column) => (_prompt, _text, _column) = (prompt, new CompelText(text), column);

    /// <exception cref="PromptSyntaxException">An operator has wrong arguments or is not known here, something is behind the last one, or brackets are nested too deeply.</exception>
    public static CompelPrompt Parse(string prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
        {
            return new CompelPrompt([new CompelPart([[new WeightedText("", 1)]], [1])]);
        }

        // A space behind a comma, so that it ends a word; but not behind one that has just been given one.
        var (characters, columns) = (new List<char>(), new List<int>());
        bool isSpaced = false;
        for (int i = 0; i < prompt.Length; i++)
        {
            isSpaced = !isSpaced && i > 0 && prompt[i - 1] == ',' && !char.IsWhiteSpace(prompt[i]);
            if (isSpaced)
            {
                characters.Add(' ');
                columns.Add(i + 1);
            }

            characters.Add(prompt[i]);
            columns.Add(i + 1);
        }

        return new CompelParser(prompt, string.Concat(characters), at => at < columns.Count ? columns[at] : prompt.Length + 1).ParseAll();
    }

    private CompelPrompt ParseAll()
    {
        if (TryOperator(out Call? call, ".and", ".add"))
        {
            RequireEnd(call.End);
            return Conjunction(call);
        }

        if (TryOperator(out call, ".blend"))
        {
            RequireEnd(call.End);
            return new CompelPrompt([Blend(call)]);
        }

        (List<CompelNode> nodes, int end) = ParsePrompt();
        RequireEnd(end);
        List<WeightedText> pieces = CompelNode.Flatten(nodes);
        return pieces.Count > 0 ? new CompelPrompt([new CompelPart([pieces], [1])]) : Parse("");
    }

    private CompelPrompt Conjunction(Call call)
    {
        double[] weights = Weights(call.Options, call);
        var parts = new List<CompelPart>();
        for (int i = 0; i < weights.Length; i++)
        {
            if (CompelNode.Flatten(call.Items[i]) is { Count: > 0 } pieces)
            {
                parts.Add(new CompelPart([pieces], [1]) { Weight = weights[i] });
            }
        }

        return parts.Count > 0 ? new CompelPrompt(parts) : Parse("");
    }

    private CompelPart Blend(Call call)
    {
        bool normalizes = call.Options is not [.., ("no_normalize", _)];
        double[] shares = Weights(normalizes ? call.Options : call.Options[..^1], call);
        List<WeightedText>[] items = [.. call.Items.Select(CompelNode.Flatten)];
        if (Array.Exists(items, item => item.Count == 0))
        {
            throw Error(call.Start, "one of the blended prompts is empty: write \"\" for an empty one");
        }

        return normalizes && shares.Sum() == 0
            ? throw Error(call.Start, "the weights of the blend add up to 0, by which they cannot be divided: write no_normalize behind them")
            : new CompelPart(items, shares) { Normalizes = normalizes };
    }

    private double[] Weights(List<(string Text, int At)> options, Call call)
    {
        double[] weights = [.. options.Select(option => CompelText.Number(option.Text) is { } number && float.IsFinite((float)number)
            ? number
            : throw Error(option.At, $"'{option.Text}' is no weight: weights are numbers, as in (\"one\", \"two\").blend(1, 0.5)"))];
        return weights.Length == 0 ? [.. Enumerable.Repeat(1.0, call.Items.Count)]
            : weights.Length == call.Items.Count ? weights
            : throw Error(call.Start, $"there are {call.Items.Count} prompts and {weights.Length} weights");
    }

    private void RequireEnd(int at)
    {
        at = _text.SkipSpaces(at);
        if (at < _text.Length)
        {
            throw Error(at, "something is behind the end of the prompt: an operator on whole prompts stands alone");
        }
    }

    private PromptSyntaxException Error(int at, string problem) => new(_prompt, _column(at), problem);

    // Whole prompts in brackets, an operator, and its options.
    private bool TryOperator([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Call? call, params string[] names)
    {
        call = null;
        if (!_text.TrySymbol("(", 0, out int next))
        {
            return false;
        }

        var items = new List<List<CompelNode>>();
        do
        {
            if (!TryTarget(next, out Target target) && !TryQuoted(next, isWholePrompt: true, out target))
            {
                return false;
            }

            items.Add(target.Nodes);
            next = target.End;
        }
        while (_text.TrySymbol(",", next, out next));

        int options = 0;
        if (!_text.TrySymbol(")", next, out next) || !Array.Exists(names, name => _text.TrySymbol(name, next, out options)) || !_text.TrySymbol("(", options, out options))
        {
            return false;
        }

        List<(string Text, int At)> read = ParseOptions(ref options);
        call = _text.TrySymbol(")", options, out int end) ? new Call(items, read, _text.SkipSpaces(0), end) : null;
        return call is not null;
    }

    private List<(string Text, int At)> ParseOptions(ref int at)
    {
        var options = new List<(string Text, int At)>();
        int next = at;
        do
        {
            int start = _text.SkipSpaces(next);
            int number = _text.NumberEnd(start);
            int end = number < 0 ? _text.NameEnd(start) : number;
            if (end == start)
            {
                break;
            }

            options.Add((_text[start..end], start));
            at = end;
        }
        while (_text.TrySymbol(",", at, out next));
        return options;
    }

    // The text of a prompt: weighted pieces, and words of any characters.
    private (List<CompelNode> Nodes, int End) ParsePrompt()
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

    // Something that a weight can stand behind.
    private bool TryTarget(int at, out Target target)
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

    private bool TryQuoted(int at, bool isWholePrompt, out Target target)
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
        var inner = new CompelParser(_prompt, content.Replace("\"", "\\\"", StringComparison.Ordinal), _ => _column(start));
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

    private readonly record struct Target(int End, List<CompelNode> Nodes, bool IsWord);

    private sealed record Call(List<List<CompelNode>> Items, List<(string Text, int At)> Options, int Start, int End);
}
