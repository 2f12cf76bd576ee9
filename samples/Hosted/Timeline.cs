using System.Diagnostics;
using System.Security;
using System.Text;

namespace DiffusionSharp.Samples;

/// <summary>Requests as rows over time, in SVG: how long each waits for its turn, and the spans of its generation.</summary>
/// <param name="spans">All spans.</param>
/// <param name="source">The source of those that are requests.</param>
/// <param name="stop">When the application was told to stop.</param>
internal sealed class Timeline(IReadOnlyList<Activity> spans, string source, DateTime stop)
{
    private const int Width = 920;
    private const int Left = 130;
    private const int Right = 24;
    private const int Top = 56;
    private const int Row = 28;

    private const string Style = """
        .page { fill: #ffffff; stroke: #d0d7de; }
        .wait { fill: #d8dee4; }
        .encode { fill: #bf3989; }
        .denoise { fill: #0969da; }
        .decode { fill: #1a7f37; }
        .line { stroke: #d0d7de; }
        .stop { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 4; }
        text { fill: #1f2328; font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        .note { fill: #57606a; font-size: 12px; }
        .warn { fill: #cf222e; font-size: 12px; }
        .end { text-anchor: end; }
        .mid { text-anchor: middle; }
        @media (prefers-color-scheme: dark) {
          .page { fill: #0d1117; stroke: #30363d; }
          .wait { fill: #30363d; }
          .encode { fill: #db61a2; }
          .denoise { fill: #58a6ff; }
          .decode { fill: #3fb950; }
          .line { stroke: #30363d; }
          .stop { stroke: #ff7b72; }
          text { fill: #e6edf3; }
          .note { fill: #9aa4af; }
          .warn { fill: #ff7b72; }
        }
        """;

    private readonly Activity[] _requests = [.. spans.Where(span => span.Source.Name == source).OrderBy(span => span.StartTimeUtc)];
    private readonly DateTime _end = spans.Max(End);
    private readonly StringBuilder _svg = new();

    private DateTime Start => _requests[0].StartTimeUtc;

    public string Draw()
    {
        int bottom = Top + (Row * _requests.Length);
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {bottom + 36}\" width=\"{Width}\" height=\"{bottom + 36}\">");
        Write($"<style>\n{Style}\n</style>");
        Write($"<rect class=\"page\" x=\"1\" y=\"1\" width=\"{Width - 2}\" height=\"{bottom + 34}\" rx=\"10\" />");
        DrawLegend();
        DrawSeconds(bottom);
        for (int i = 0; i < _requests.Length; i++)
        {
            DrawRequest(_requests[i], Top + (Row * i));
        }

        Write($"<line class=\"stop\" x1=\"{X(stop):0.0}\" x2=\"{X(stop):0.0}\" y1=\"{Top - 8}\" y2=\"{bottom}\" />");
        Write($"<text class=\"warn mid\" x=\"{X(stop):0.0}\" y=\"{Top - 13}\">told to stop</text>");
        Write($"</svg>");
        return _svg.ToString();
    }

    private static DateTime End(Activity span) => span.StartTimeUtc + span.Duration;

    private double X(DateTime time) => Left + ((Width - Left - Right) * ((time - Start) / (_end - Start)));

    private void DrawLegend()
    {
        int left = Left;
        foreach ((string kind, string name) in ((string, string)[])[("wait", "waits for its turn"), ("encode", "encode"), ("denoise", "denoise"), ("decode", "decode")])
        {
            Write($"<rect class=\"{kind}\" x=\"{left}\" y=\"14\" width=\"14\" height=\"12\" rx=\"2\" /><text class=\"note\" x=\"{left + 20}\" y=\"24\">{name}</text>");
            left += 44 + (6 * name.Length);
        }
    }

    private void DrawSeconds(int bottom)
    {
        double whole = (_end - Start).TotalSeconds;
        double tick = ((double[])[0.1, 0.2, 0.5, 1, 2, 5, 10, 20]).First(size => whole / size <= 10 || size == 20);
        for (double second = 0; second <= whole; second += tick)
        {
            double x = X(Start.AddSeconds(second));
            Write($"<line class=\"line\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{Top}\" y2=\"{bottom + 4}\" />");
            Write($"<text class=\"note mid\" x=\"{x:0.0}\" y=\"{bottom + 20}\">{second:0.0} s</text>");
        }
    }

    private void DrawRequest(Activity request, int top)
    {
        Write($"<text class=\"end\" x=\"{Left - 10}\" y=\"{top + 18}\">{SecurityElement.Escape(request.DisplayName)}</text>");
        Activity? generation = spans.FirstOrDefault(span => span.ParentSpanId == request.SpanId);
        DrawBar("wait", request.StartTimeUtc, generation?.StartTimeUtc ?? End(request), top);
        foreach (Activity part in spans.Where(span => span.ParentSpanId == generation?.SpanId))
        {
            DrawBar(part.OperationName, part.StartTimeUtc, End(part), top);
        }

        if (request.Status == ActivityStatusCode.Error)
        {
            // Where there is more room.
            double x = X(End(request));
            bool isLate = x > Width / 2;
            Write($"<text class=\"warn{(isLate ? " end" : "")}\" x=\"{x + (isLate ? -12 : 8):0.0}\" y=\"{top + 18}\">{request.StatusDescription}</text>");
        }
    }

    private void DrawBar(string kind, DateTime from, DateTime to, int top) =>
        Write($"<rect class=\"{kind}\" x=\"{X(from):0.0}\" y=\"{top + 6}\" width=\"{Math.Max(1, X(to) - X(from)):0.0}\" height=\"{Row - 12}\" rx=\"2\" />");

    private void Write(FormattableString line) => _svg.AppendLine(FormattableString.Invariant(line));
}
