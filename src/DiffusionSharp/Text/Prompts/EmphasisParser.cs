using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionSharp.Text;

/// <summary>
/// Emphasis as stable-diffusion-webui writes it: <c>(text)</c> is 1.1 times as strong, <c>[text]</c> 1.1 times weaker, <c>(text:1.3)</c> 1.3 times as
/// strong; brackets nest, those that are not closed reach to the end, and <c>\(</c> is a bracket. Its time is linear.
/// </summary>
internal sealed class EmphasisParser
{
    /// <summary>More open brackets are refused: float32 has no weight of 1.1 to that power.</summary>
    public const int DeepestNesting = 1000;

    /// <summary>The word that ends a chunk, and the weight that tells it from the same word in brackets.</summary>
    public const string Break = "BREAK";

    /// <inheritdoc cref="Break"/>
    public const double BreakWeight = -1;

    private const double Stronger = 1.1;
    private const double Weaker = 1 / 1.1;

    private static readonly SearchValues<char> Syntax = SearchValues.Create("\\()[]:");

    private readonly string _prompt;
    private readonly bool _breaks;
    private readonly bool _allowsSpaces;
    private readonly List<string> _texts = [];
    private readonly List<double> _weights = [];
    private readonly List<int> _round = [];
    private readonly List<int> _square = [];

    private EmphasisParser(string prompt, bool breaks, bool allowsSpaces) => (_prompt, _breaks, _allowsSpaces) = (prompt, breaks, allowsSpaces);

    /// <summary>Reads a prompt into pieces of different weights.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="breaks">Whether the word BREAK is a piece of its own.</param>
    /// <param name="allowsSpaces">Whether spaces may stand around the number of a weight.</param>
    /// <exception cref="PromptSyntaxException">A weight is no number or infinite, or brackets are nested too deeply.</exception>
    public static List<WeightedText> Parse(string prompt, bool breaks, bool allowsSpaces) => new EmphasisParser(prompt, breaks, allowsSpaces).Parse();

    private List<WeightedText> Parse()
    {
        int at = 0;
        while (at < _prompt.Length)
        {
            at = Next(at);
        }

        _round.ForEach(start => Multiply(start, Stronger, at));
        _square.ForEach(start => Multiply(start, Weaker, at));
        return Merged();
    }

    private int Next(int at)
    {
        switch (_prompt[at])
        {
            case '\\':
                bool escapes = at + 1 < _prompt.Length && _prompt[at + 1] is '(' or ')' or '[' or ']' or '\\';
                Add(escapes ? _prompt[at + 1].ToString() : "", 1);
                return at + (escapes ? 2 : 1);
            case '(':
                return Open(_round, at);
            case '[':
                return Open(_square, at);
            case ')' when _round.Count > 0:
                Multiply(Pop(_round), Stronger, at);
                return at + 1;
            case ']' when _square.Count > 0:
                Multiply(Pop(_square), Weaker, at);
                return at + 1;
            case ':' when _round.Count > 0 && FindWeight(at, out int start, out int end, out int behind):
                Multiply(Pop(_round), ParseWeight(start, end), start);
                return behind;
            case ':' or ')' or ']':
                Add(_prompt[at].ToString(), 1);
                return at + 1;
            default:
                int stop = _prompt.AsSpan(at).IndexOfAny(Syntax);
                stop = stop < 0 ? _prompt.Length : at + stop;
                AddText(at, stop);
                return stop;
        }
    }

    private int Open(List<int> brackets, int at)
    {
        brackets.Add(_texts.Count);
        return _round.Count + _square.Count <= DeepestNesting
            ? at + 1
            : throw new PromptSyntaxException(_prompt, at + 1, $"brackets are nested more than {DeepestNesting} deep");
    }

    private static int Pop(List<int> brackets)
    {
        int start = brackets[^1];
        brackets.RemoveAt(brackets.Count - 1);
        return start;
    }

    // A colon, a number, and the closing bracket.
    private bool FindWeight(int colon, out int start, out int end, out int behind)
    {
        start = SkipSpaces(colon + 1);
        end = start < _prompt.Length && _prompt[start] is '+' or '-' ? start + 1 : start;
        int digits = end;
        while (end < _prompt.Length && (char.IsAsciiDigit(_prompt[end]) || _prompt[end] == '.'))
        {
            end++;
        }

        behind = SkipSpaces(end) + 1;
        return end > digits && behind <= _prompt.Length && _prompt[behind - 1] == ')';
    }

    private int SkipSpaces(int at)
    {
        while (_allowsSpaces && at < _prompt.Length && char.IsWhiteSpace(_prompt[at]))
        {
            at++;
        }

        return at;
    }

    private double ParseWeight(int start, int end) =>
        double.TryParse(_prompt.AsSpan(start, end - start), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight)
            ? weight
            : throw new PromptSyntaxException(_prompt, start + 1, $"'{_prompt[start..end]}' is no weight: a number is written as in (word:1.3)");

    // All pieces since the bracket was opened, in the order of the brackets' ends, which is that of the roundings.
    private void Multiply(int start, double factor, int at)
    {
        Span<double> weights = CollectionsMarshal.AsSpan(_weights)[start..];
        TensorPrimitives.Multiply(weights, factor, weights);
        foreach (double weight in weights)
        {
            if (!float.IsFinite((float)weight))
            {
                throw new PromptSyntaxException(_prompt, Math.Min(at + 1, _prompt.Length), $"the weight {factor.ToString(CultureInfo.InvariantCulture)} makes one that is no longer a finite number");
            }
        }
    }

    private void AddText(int start, int end)
    {
        while (_breaks && WholeWord.Find(_prompt, Break, start, end) is var found && found >= 0)
        {
            Add(_prompt[start..end][..(found - start)].TrimEnd(), 1);
            Add(Break, BreakWeight);
            start = found + Break.Length;
            while (start < end && char.IsWhiteSpace(_prompt[start]))
            {
                start++;
            }
        }

        Add(_prompt[start..end], 1);
    }

    private void Add(string text, double weight)
    {
        _texts.Add(text);
        _weights.Add(weight);
    }

    // Neighbours of one weight are one piece, so that words are not cut where brackets meet.
    private List<WeightedText> Merged()
    {
        var merged = new List<WeightedText>();
        var text = new StringBuilder();
        for (int i = 0; i < _texts.Count; i++)
        {
            text.Append(_texts[i]);
            if (i == _texts.Count - 1 || _weights[i + 1] != _weights[i])
            {
                merged.Add(new WeightedText(text.ToString(), _weights[i]));
                text.Clear();
            }
        }

        return merged.Count > 0 ? merged : [new WeightedText("", 1)];
    }
}
