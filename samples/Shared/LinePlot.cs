using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Samples;

/// <summary>Draws lines over two axes, and their names beside them.</summary>
internal sealed class LinePlot : IDisposable
{
    private const int Width = 900;
    private const int Height = 620;
    private const int Left = 90;
    private const int Right = 270;
    private const int Top = 30;
    private const int Bottom = 50;

    private static readonly Rgb24 Ink = new(40, 40, 40);
    private static readonly Rgb24 Grid = new(225, 225, 225);

    private static readonly Rgb24[] Colors =
    [
        new(31, 119, 180), new(255, 127, 14), new(44, 160, 44), new(214, 39, 40), new(148, 103, 189), new(140, 86, 75),
        new(227, 119, 194), new(90, 90, 90), new(188, 189, 34), new(23, 190, 207), new(0, 0, 0), new(120, 160, 255),
        new(150, 90, 20), new(0, 120, 110), new(200, 0, 110),
    ];

    private readonly PlotAxis _x;
    private readonly PlotAxis _y;
    private int _lines;

    public LinePlot(PlotAxis x, PlotAxis y)
    {
        (_x, _y) = (x, y);
        foreach (double tick in y.Ticks.Where(tick => tick >= y.Minimum && tick <= y.Maximum))
        {
            Line(x.Minimum, tick, x.Maximum, tick, Grid);
            PixelFont.Draw(Picture, y.Label(tick), 30, Y(tick) - 5, Ink, 2);
        }

        foreach (double tick in x.Ticks.Where(tick => tick >= x.Minimum && tick <= x.Maximum))
        {
            Line(tick, y.Minimum, tick, y.Maximum, Grid);
            PixelFont.Draw(Picture, x.Label(tick), X(tick) - 10, Height - Bottom + 8, Ink, 2);
        }

        PixelFont.Draw(Picture, x.Title, Left + 180, Height - 20, Ink, 2);
        PixelFont.Draw(Picture, y.Title, Left, 10, Ink, 2);
    }

    public Image<Rgb24> Picture { get; } = new(Width, Height, new Rgb24(255, 255, 255));

    public void Add(string name, IReadOnlyList<(double X, double Y)> points)
    {
        Rgb24 color = Colors[_lines % Colors.Length];
        PixelFont.Draw(Picture, name, Width - Right + 12, Top + (_lines * 22), color, 2);
        _lines++;
        for (int i = 0; i < points.Count; i++)
        {
            Dot(X(points[i].X), Y(points[i].Y), 3, color);
            if (i > 0)
            {
                Line(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y, color);
            }
        }
    }

    public void Dispose() => Picture.Dispose();

    private int X(double value) => Left + (int)(_x.Place(value) * (Width - Left - Right));

    private int Y(double value) => Height - Bottom - (int)(_y.Place(value) * (Height - Top - Bottom));

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
