using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

/// <summary>Draws lines over logarithmic axes.</summary>
internal sealed class LogLogPlot : IDisposable
{
    private const int Width = 900;
    private const int Height = 620;
    private const int Left = 90;
    private const int Right = 270;
    private const int Top = 20;
    private const int Bottom = 50;

    private static readonly Rgb24 Ink = new(40, 40, 40);
    private static readonly Rgb24 Grid = new(225, 225, 225);

    private static readonly Rgb24[] Colors =
    [
        new(31, 119, 180), new(255, 127, 14), new(44, 160, 44), new(214, 39, 40), new(148, 103, 189), new(140, 86, 75),
        new(227, 119, 194), new(90, 90, 90), new(188, 189, 34), new(23, 190, 207), new(0, 0, 0), new(120, 160, 255),
    ];

    private readonly double _xMinimum;
    private readonly double _xMaximum;
    private readonly double _yMinimum;
    private readonly double _yMaximum;
    private int _lines;

    public LogLogPlot(double xMinimum, double xMaximum, double yMinimum, double yMaximum)
    {
        (_xMinimum, _xMaximum, _yMinimum, _yMaximum) = (Math.Log10(xMinimum), Math.Log10(xMaximum), Math.Log10(yMinimum), Math.Log10(yMaximum));
        for (int decade = (int)Math.Ceiling(_yMinimum); decade <= _yMaximum; decade++)
        {
            Line(_xMinimum, decade, _xMaximum, decade, Grid);
            PixelFont.Draw(Picture, $"1E{decade}", 30, Y(decade) - 5, Ink, 2);
        }

        foreach (int tick in (ReadOnlySpan<int>)[5, 10, 20, 50, 100, 200, 400])
        {
            double x = Math.Log10(tick);
            if (x >= _xMinimum && x <= _xMaximum)
            {
                Line(x, _yMinimum, x, _yMaximum, Grid);
                PixelFont.Draw(Picture, $"{tick}", X(x) - 10, Height - Bottom + 8, Ink, 2);
            }
        }

        PixelFont.Draw(Picture, "model evaluations", Left + 180, Height - 20, Ink, 2);
    }

    public Image<Rgb24> Picture { get; } = new(Width, Height, new Rgb24(255, 255, 255));

    public void Add(string name, IReadOnlyList<(double X, double Y)> points)
    {
        Rgb24 color = Colors[_lines % Colors.Length];
        PixelFont.Draw(Picture, name, Width - Right + 12, Top + (_lines * 22), color, 2);
        _lines++;
        for (int i = 0; i < points.Count; i++)
        {
            (double x, double y) = (Math.Log10(points[i].X), Math.Clamp(Math.Log10(points[i].Y), _yMinimum, _yMaximum));
            Dot(X(x), Y(y), 3, color);
            if (i > 0)
            {
                Line(Math.Log10(points[i - 1].X), Math.Clamp(Math.Log10(points[i - 1].Y), _yMinimum, _yMaximum), x, y, color);
            }
        }
    }

    public void Dispose() => Picture.Dispose();

    private int X(double log) => Left + (int)((log - _xMinimum) / (_xMaximum - _xMinimum) * (Width - Left - Right));

    private int Y(double log) => Height - Bottom - (int)((log - _yMinimum) / (_yMaximum - _yMinimum) * (Height - Top - Bottom));

    private void Line(double x0, double y0, double x1, double y1, Rgb24 color)
    {
        (int left, int top, int right, int bottom) = (X(x0), Y(y0), X(x1), Y(y1));
        int count = Math.Max(Math.Max(Math.Abs(right - left), Math.Abs(bottom - top)), 1);
        for (int i = 0; i <= count; i++)
        {
            Dot(left + ((right - left) * i / count), top + ((bottom - top) * i / count), 1, color);
        }
    }

    private void Dot(int x, int y, int radius, Rgb24 color)
    {
        for (int dy = 1 - radius; dy < radius; dy++)
        {
            for (int dx = 1 - radius; dx < radius; dx++)
            {
                if (x + dx >= 0 && x + dx < Width && y + dy >= 0 && y + dy < Height)
                {
                    Picture[x + dx, y + dy] = color;
                }
            }
        }
    }
}
