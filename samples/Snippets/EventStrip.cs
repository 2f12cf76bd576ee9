using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.Snippets;

/// <summary>Pictures of events beside each other, with what each event is and when it came.</summary>
internal sealed class EventStrip : IDisposable
{
    private const int Gap = 4;

    private static readonly Rgb24 Paper = new(255, 255, 255);
    private static readonly Rgb24 Ink = new(60, 60, 60);

    private readonly List<(string Kind, TimeSpan At, Image<Rgb24> Picture)> _events = [];
    private readonly long _began = Stopwatch.GetTimestamp();

    public void Add(string type, byte[] picture) => _events.Add((type[(type.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace("_image", "", StringComparison.Ordinal), Stopwatch.GetElapsedTime(_began), Image.Load<Rgb24>(picture)));

    public void Save(string path)
    {
        int side = _events.Max(one => one.Picture.Width);
        int line = PixelFont.LineHeight(1);
        using var sheet = new Image<Rgb24>(Gap + (_events.Count * (side + Gap)), Gap + _events.Max(one => one.Picture.Height) + Gap + (2 * line), Paper);
        for (int i = 0; i < _events.Count; i++)
        {
            (string kind, TimeSpan at, Image<Rgb24> picture) = _events[i];
            int left = Gap + (i * (side + Gap));
            sheet.Mutate(image => image.DrawImage(picture, new Point(left, Gap), 1));
            int top = Gap + picture.Height + Gap;
            PixelFont.Draw(sheet, kind, left, top, Ink);
            PixelFont.Draw(sheet, at.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture), left, top + line, Ink);
        }

        sheet.Save(path);
    }

    public void Dispose() => _events.ForEach(one => one.Picture.Dispose());
}
