using System.Text.RegularExpressions;

namespace DiffusionSharp.Text;

/// <summary>
/// Reads the schedules of stable-diffusion-webui: <c>[from:to:when]</c>, <c>[to:when]</c>, <c>[a|b]</c>. Brackets that are none of these, and no emphasis
/// either, are text; a bar that is in no alternation makes the whole prompt text. Its time is linear.
/// </summary>
internal sealed partial class ScheduleParser
{
    private readonly string _prompt;
    private readonly List<Frame> _open = [new Frame('\0', 0)];
    private bool _isText;

    private ScheduleParser(string prompt) => _prompt = prompt;

    /// <exception cref="PromptSyntaxException">Brackets are nested too deeply.</exception>
    public static ScheduledText Parse(string prompt) => new ScheduleParser(prompt).Parse();

    private ScheduledText Parse()
    {
        for (int at = 0; at < _prompt.Length && !_isText; at++)
        {
            switch (_prompt[at])
            {
                case '\\' when at + 1 == _prompt.Length || _prompt[at + 1] == '\n':
                    _isText = true;
                    break;
                case '\\':
                    _open[^1].Last.AddLiteral(at, at + 2);
                    at++;
                    break;
                case '(' or '[':
                    Open(at);
                    break;
                case ')' or ']':
                    Close(at);
                    break;
                case ':' or '|' when _open.Count > 1:
                    _open[^1].Separate(_prompt[at], at);
                    break;
                case '|':
                    _isText = true;
                    break;
                default:
                    _open[^1].Last.AddLiteral(at, at + 1);
                    break;
            }
        }

        GiveUpOpenBrackets();
        return _isText ? new ScheduledText.Literal(0, _prompt.Length) : _open[0].Last;
    }

    private void Open(int at)
    {
        if (_open.Count > EmphasisParser.DeepestNesting)
        {
            throw new PromptSyntaxException(_prompt, at + 1, $"brackets are nested more than {EmphasisParser.DeepestNesting} deep");
        }

        _open.Add(new Frame(_prompt[at], at));
    }

    private void Close(int at)
    {
        Frame frame = _open[^1];
        if (frame.Bracket != (_prompt[at] == ')' ? '(' : '['))
        {
            // No bracket that is open can be whole any more, for all of them would have this one inside.
            GiveUpOpenBrackets();
            _open[0].Last.AddLiteral(at, at + 1);
            return;
        }

        _open.RemoveAt(_open.Count - 1);
        Frame parent = _open[^1];
        if (frame.Bracket == '[' && !frame.IsBroken && frame is { Bars: > 0, Colons: 0 })
        {
            parent.Last.Parts.Add(new ScheduledText.Alternate(frame.Parts));
        }
        else if (frame.Bracket == '[' && !frame.IsBroken && frame is { Bars: 0, Colons: 1 or 2 } && NumberIn(frame.Last) is { } when)
        {
            parent.Last.Parts.Add(new ScheduledText.Switch(frame.Colons == 2 ? frame.Parts[0] : null, frame.Parts[^2], when));
        }
        else
        {
            bool isEmphasis = !frame.IsBroken && frame.Bars == 0 && frame.Colons <= (frame.Bracket == '(' ? 1 : 0);
            _isText |= frame.Bars > 0;
            parent.IsBroken |= !isEmphasis;
            frame.MoveInto(parent.Last);
            parent.Last.AddLiteral(at, at + 1);
        }
    }

    private void GiveUpOpenBrackets()
    {
        foreach (Frame frame in _open.Skip(1))
        {
            _isText |= frame.Bars > 0;
            frame.MoveInto(_open[0].Last);
        }

        _open.RemoveRange(1, _open.Count - 1);
    }

    private string? NumberIn(ScheduledText.Sequence text) =>
        text.Parts is [ScheduledText.Literal literal] && Number().Match(_prompt, literal.Start, literal.End - literal.Start) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    /// <summary>What was read since a bracket was opened.</summary>
    private sealed class Frame(char bracket, int start)
    {
        private readonly List<int> _separators = [];

        public char Bracket => bracket;

        public List<ScheduledText.Sequence> Parts { get; } = [new([])];

        public ScheduledText.Sequence Last => Parts[^1];

        public int Colons { get; private set; }

        public int Bars { get; private set; }

        /// <summary>Whether there is a bracket inside that is only text.</summary>
        public bool IsBroken { get; set; }

        public void Separate(char separator, int at)
        {
            _ = separator == ':' ? Colons++ : Bars++;
            _separators.Add(at);
            Parts.Add(new([]));
        }

        /// <summary>Hands everything on as text, the bracket and what separates the parts included.</summary>
        public void MoveInto(ScheduledText.Sequence destination)
        {
            destination.AddLiteral(start, start + 1);
            for (int i = 0; i < Parts.Count; i++)
            {
                if (i > 0)
                {
                    destination.AddLiteral(_separators[i - 1], _separators[i - 1] + 1);
                }

                foreach (ScheduledText part in Parts[i].Parts)
                {
                    if (part is ScheduledText.Literal literal)
                    {
                        destination.AddLiteral(literal.Start, literal.End);
                    }
                    else
                    {
                        destination.Parts.Add(part);
                    }
                }
            }
        }
    }
}
