using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Emoji;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>What more steps, pictures, pixels and concurrent requests cost on the embedded model, each as a multiple of its smallest amount: a table and a plot.</summary>
internal static class CostGrowth
{
    private const int Steps = 5;

    private static readonly int Side = EmojiPipeline.Defaults.Width;
    private static readonly int[] Multiples = [1, 2, 4, 8, 16];

    private static readonly (string Name, Action<DiffusionPipeline, int> Generate)[] Quantities =
    [
        ("steps", (pipeline, multiple) => pipeline.Generate(Request() with { Steps = Steps * multiple })),
        ("pictures", (pipeline, multiple) => pipeline.Generate(Request() with { Count = multiple })),
        ("pixels", (pipeline, multiple) => pipeline.Generate(Request() with { Width = Side * (1 << ((Log2(multiple) + 1) / 2)), Height = Side * (1 << (Log2(multiple) / 2)) })),
        ("requests", (pipeline, multiple) => Task.WaitAll(Enumerable.Range(0, multiple).Select(_ => pipeline.GenerateAsync(Request())))),
    ];

    public static void Run(int rounds, string picturePath)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        double[,,] seconds = Measure(pipeline, rounds);

        using var plot = new LinePlot(
            new PlotAxis("times as much", Multiples[0], Multiples[^1], [.. Multiples]) { IsLogarithmic = true },
            new PlotAxis("times as long", 0.8, 2 * Multiples[^1], [1, 2, 4, 8, 16, 32]) { IsLogarithmic = true });
        plot.Add("linear", [.. Multiples.Select(multiple => ((double)multiple, (double)multiple))]);
        Console.WriteLine($"| times as much | {string.Join(" | ", Multiples)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", Multiples.Length))}");
        for (int quantity = 0; quantity < Quantities.Length; quantity++)
        {
            Quartiles[] growth = [.. Multiples.Select((_, i) => Quartiles.Of(Enumerable.Range(0, rounds).Select(round => seconds[quantity, i, round] / seconds[quantity, 0, round])))];
            plot.Add(Quantities[quantity].Name, [.. growth.Select((growth, i) => ((double)Multiples[i], growth.Median))]);
            Console.WriteLine($"| {Quantities[quantity].Name} | {string.Join(" | ", growth.Select(growth => growth.Median.ToString("0.00", CultureInfo.InvariantCulture)))} |");
        }

        double once = Quartiles.Of(Enumerable.Range(0, rounds).Select(round => seconds[0, 0, round])).Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"once: {Steps} steps, 1 picture of {Side}x{Side}, {once * 1e3:0} ms; medians of {rounds} rounds"));
        plot.Picture.SaveAsPng(picturePath);
    }

    // Round by round, so that a slow minute does not fall on one quantity alone.
    private static double[,,] Measure(DiffusionPipeline pipeline, int rounds)
    {
        var seconds = new double[Quantities.Length, Multiples.Length, rounds];
        for (int round = -1; round < rounds; round++)
        {
            for (int quantity = 0; quantity < Quantities.Length; quantity++)
            {
                for (int i = 0; i < Multiples.Length; i++)
                {
                    long started = Stopwatch.GetTimestamp();
                    Quantities[quantity].Generate(pipeline, Multiples[i]);
                    seconds[quantity, i, Math.Max(round, 0)] = Stopwatch.GetElapsedTime(started).TotalSeconds;
                }
            }
        }

        return seconds;
    }

    private static TextToImageRequest Request() => new("a red apple") { Steps = Steps, Seed = 1, Width = Side, Height = Side };

    private static int Log2(int multiple) => int.Log2(multiple);
}
