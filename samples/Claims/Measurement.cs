using System.Globalization;

namespace DiffusionSharp.Samples.Claims;

/// <summary>What was drawn of each class, and how it did.</summary>
/// <param name="Classes">The pictures of each class.</param>
/// <param name="Accuracy">How often the nearest emoji is of the class that was asked for, from 0 to 1.</param>
/// <param name="Off">How far pictures are from the nearest emoji, on the scale of 0 to 255.</param>
/// <param name="Apart">How far pictures of one class are from each other, on the same scale.</param>
/// <param name="Seconds">Processor time of a picture.</param>
internal sealed record Measurement(IReadOnlyList<GenerationResult> Classes, Estimate Accuracy, Estimate Off, Estimate Apart, Estimate Seconds)
{
    /// <summary>What <see cref="Cells"/> are headed by.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["right class", "off", "apart"];

    /// <summary>Accuracy, distance and diversity in the cells of a table, with their standard errors.</summary>
    public IReadOnlyList<string> Cells { get; } = [Text(100, Accuracy, "0", " %"), Text(1, Off, "0.0"), Text(1, Apart, "0.0")];

    public static Measurement Of(IReadOnlyList<GenerationResult> classes, IReadOnlyList<double> seconds, EmojiIndex index)
    {
        (int Asked, (int Class, double Off) Found)[] found = [.. classes.SelectMany((result, asked) => result.Images.Select(image => (asked, index.Nearest(image))))];
        return new Measurement(
            classes,
            new Estimate([.. found.Select(picture => picture.Asked == picture.Found.Class ? 1.0 : 0)]),
            new Estimate([.. found.Select(picture => picture.Found.Off)]),
            new Estimate([.. classes.Select(result => Diversity.Of(result.Images))]),
            new Estimate([.. classes.Zip(seconds, (result, time) => time / result.Images.Count)]));
    }

    private static string Text(double scale, Estimate value, string format, string unit = "") =>
        (scale * value.Mean).ToString(format, CultureInfo.InvariantCulture) + " ± " + (scale * value.Error).ToString(format, CultureInfo.InvariantCulture) + unit;
}
