using System.Globalization;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>All prompts of a kind with one sampler and one guidance, and their scores in the order of the prompts.</summary>
internal sealed record EvaluationRun
{
    public const string Header = "kind        sampler    guidance  prompts    top-1    top-5  attribute  background";

    public required string Kind { get; init; }

    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required float Guidance { get; init; }

    public required int Count { get; init; }

    public required int[][] Ranks { get; init; }

    public required bool[]? Attribute { get; init; }

    public required bool[]? Background { get; init; }

    public required double Seconds { get; init; }

    /// <summary>What tells it from other runs; as Python has it.</summary>
    public string Key() => string.Create(CultureInfo.InvariantCulture, $"{Kind}, {Sampler} {Steps}, guidance {Guidance:0.######}, {Count} prompts");

    /// <summary>Its line of the table.</summary>
    public string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind,-11} {$"{Sampler} {Steps}",-10} {Guidance,8:0.######} {Count,8} {Percent(Top(1)),8} {Percent(Top(5)),8} {PartOf(Attribute),10} {PartOf(Background),11}");

    // The part of the asked emojis that is among the nearest so many.
    private double Top(int count) => Ranks.SelectMany(ranks => ranks).Average(rank => rank < count ? 1.0 : 0.0);

    private static string PartOf(bool[]? values) => values is null ? "" : Percent(values.Average(value => value ? 1.0 : 0.0));

    private static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0} %");
}
