using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp;

/// <summary>Contact sheets: several pictures in one.</summary>
public static class ImageGrid
{
    /// <summary>
    /// Arranges pictures row by row, with a gap between them and around them. All cells are as large as the largest picture; smaller ones are
    /// centred.
    /// </summary>
    /// <param name="images">The pictures, at least one; they are left alone.</param>
    /// <param name="columns">Pictures in a row, at least 1. Fewer pictures make a narrower sheet.</param>
    /// <param name="gap">Pixels between and around the pictures, at least 0.</param>
    /// <param name="background">The color of gaps and empty cells, white by default.</param>
    /// <returns>The sheet; dispose it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="images"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="images"/> is empty or contains null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> or <paramref name="gap"/> is out of range.</exception>
    /// <exception cref="OverflowException">The sheet would be too large.</exception>
    public static Image<Rgb24> Create(IReadOnlyList<Image<Rgb24>> images, int columns, int gap = 4, Color? background = null)
    {
        ThrowIfNotAList(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        columns = Math.Min(columns, images.Count);
        int rows = (images.Count + columns - 1) / columns;
        (int width, int height) = (images.Max(image => image.Width), images.Max(image => image.Height));
        var sheet = new Image<Rgb24>(Extent(columns, width, gap), Extent(rows, height, gap), (background ?? Color.White).ToPixel<Rgb24>());
        sheet.Mutate(drawing =>
        {
            for (int i = 0; i < images.Count; i++)
            {
                int left = gap + (i % columns * (width + gap)) + ((width - images[i].Width) / 2);
                int top = gap + (i / columns * (height + gap)) + ((height - images[i].Height) / 2);
                drawing.DrawImage(images[i], new Point(left, top), 1f);
            }
        });
        return sheet;
    }

    /// <summary>Arranges generated pictures row by row, for example all of a result.</summary>
    /// <param name="images">The pictures, at least one.</param>
    /// <param name="columns">Pictures in a row, at least 1. Fewer pictures make a narrower sheet.</param>
    /// <param name="gap">Pixels between and around the pictures, at least 0.</param>
    /// <param name="background">The color of gaps and empty cells, white by default.</param>
    /// <returns>The sheet; dispose it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="images"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="images"/> is empty, contains null, or one has neither 3 channels nor 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> or <paramref name="gap"/> is out of range.</exception>
    /// <exception cref="OverflowException">The sheet would be too large.</exception>
    public static Image<Rgb24> Create(IReadOnlyList<GeneratedImage> images, int columns, int gap = 4, Color? background = null)
    {
        ThrowIfNotAList(images);
        var pictures = new List<Image<Rgb24>>(images.Count);
        try
        {
            foreach (GeneratedImage image in images)
            {
                pictures.Add(image.Pixels.ToImage());
            }

            return Create(pictures, columns, gap, background);
        }
        finally
        {
            pictures.ForEach(picture => picture.Dispose());
        }
    }

    private static void ThrowIfNotAList<T>(IReadOnlyList<T> images)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
        {
            throw new ArgumentException("There are no pictures to arrange.", nameof(images));
        }

        if (images.Contains(null))
        {
            throw new ArgumentException("One of the pictures is null.", nameof(images));
        }
    }

    private static int Extent(int cells, int size, int gap) => checked((cells * (size + gap)) + gap);
}
