namespace DiffusionSharp.Emoji.Tests.Support;

/// <summary>Mean colours of parts of a picture, 0 to 255.</summary>
internal static class Colours
{
    public const int Red = 0;
    public const int Green = 1;
    public const int Blue = 2;

    // What the model was trained on.
    private static readonly Dictionary<string, (int Red, int Green, int Blue)> Backgrounds = new()
    {
        ["white"] = (255, 255, 255),
        ["black"] = (20, 20, 20),
        ["red"] = (220, 50, 47),
        ["orange"] = (245, 140, 30),
        ["yellow"] = (250, 215, 60),
        ["green"] = (70, 170, 80),
        ["teal"] = (40, 160, 160),
        ["blue"] = (50, 110, 220),
        ["purple"] = (130, 70, 180),
        ["pink"] = (245, 150, 190),
        ["brown"] = (130, 85, 55),
        ["gray"] = (150, 150, 150),
    };

    /// <summary>The background whose colour is nearest to that of the four corners.</summary>
    public static string NearestBackground(GeneratedImage image)
    {
        (double red, double green, double blue) = (Corners(image, Red), Corners(image, Green), Corners(image, Blue));
        return Backgrounds.MinBy(pair => Math.Pow(pair.Value.Red - red, 2) + Math.Pow(pair.Value.Green - green, 2) + Math.Pow(pair.Value.Blue - blue, 2)).Key;
    }

    /// <summary>The mean of a colour in the middle, a quarter of each side.</summary>
    public static double Middle(IEnumerable<GeneratedImage> images, int colour) => images.Average(image => Mean(image, colour, IsMiddle));

    private static double Corners(GeneratedImage image, int colour) => Mean(image, colour, (x, y) => IsEdge(x) && IsEdge(y));

    // Of positions between 0 and 1.
    private static bool IsMiddle(double x, double y) => Math.Abs(x - 0.5) < 0.125 && Math.Abs(y - 0.5) < 0.125;

    private static bool IsEdge(double position) => Math.Abs(position - 0.5) > 0.4375;

    private static double Mean(GeneratedImage image, int colour, Func<double, double, bool> isPart)
    {
        int side = (int)image.Pixels.Lengths[^1];
        ReadOnlySpan<float> plane = image.Pixels.Values().Slice(colour * side * side, side * side);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < plane.Length; i++)
        {
            if (isPart(((i % side) + 0.5) / side, ((i / side) + 0.5) / side))
            {
                sum += Reference.ToByte(plane[i]);
                count++;
            }
        }

        return sum / count;
    }
}
