namespace DiffusionSharp.Text;

/// <summary>
/// Reads the syntax of compel: whole prompts in brackets with an operator behind them, <c>("one", "two").blend(1, 0.5)</c> or <c>("one", "two").and()</c>, or
/// one prompt of <see cref="CompelPieces"/>.
/// </summary>
internal sealed class CompelParser
{
    private readonly CompelText _text;
    private readonly CompelPieces _pieces;

    private CompelParser(string prompt, string text, Func<int, int> column) => (_text, _pieces) = (new CompelText(text), new CompelPieces(prompt, text, column));

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

        (List<CompelNode> nodes, int end) = _pieces.ParsePrompt();
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
            throw _pieces.Error(call.Start, "one of the blended prompts is empty: write \"\" for an empty one");
        }

        return normalizes && shares.Sum() == 0
            ? throw _pieces.Error(call.Start, "the weights of the blend add up to 0, by which they cannot be divided: write no_normalize behind them")
            : new CompelPart(items, shares) { Normalizes = normalizes };
    }

    private double[] Weights(List<(string Text, int At)> options, Call call)
    {
        double[] weights = [.. options.Select(option => CompelText.Number(option.Text) is { } number && float.IsFinite((float)number)
            ? number
            : throw _pieces.Error(option.At, $"'{option.Text}' is no weight: weights are numbers, as in (\"one\", \"two\").blend(1, 0.5)"))];
        return weights.Length == 0 ? [.. Enumerable.Repeat(1.0, call.Items.Count)]
            : weights.Length == call.Items.Count ? weights
            : throw _pieces.Error(call.Start, $"there are {call.Items.Count} prompts and {weights.Length} weights");
    }

    private void RequireEnd(int at)
    {
        at = _text.SkipSpaces(at);
        if (at < _text.Length)
        {
            throw _pieces.Error(at, "something is behind the end of the prompt: an operator on whole prompts stands alone");
        }
    }

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
            if (!_pieces.TryTarget(next, out CompelPieces.Target target) && !_pieces.TryQuoted(next, isWholePrompt: true, out target))
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

    private sealed record Call(List<List<CompelNode>> Items, List<(string Text, int At)> Options, int Start, int End);
}
