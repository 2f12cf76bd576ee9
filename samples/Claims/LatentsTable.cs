using System.Globalization;
using System.Text.Json;

namespace DiffusionSharp.Samples.Claims;

/// <summary>Diffusion of latents and of pixels (arXiv:2112.10752): the same UNet, trained for the same time on the same pictures, told the same classes.</summary>
internal static class LatentsTable
{
    private const int Steps = 25;

    public static async Task<IEnumerable<string>> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        (Trained pixelsTrained, Measurement pixels) = await Measure("emoji-classes-128");
        (Trained latentsTrained, Measurement latents) = await Measure("emoji-vq");
        bench.Save("claims-latents.png", ((Measurement[])[pixels, latents]).Select(measured => measured.Classes.Select(result => result.Images[0])), 128);

        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        string[] Row(string name, Trained trained, Measurement measured) =>
        [
            name,
            Text($"{trained.Minutes:0.0}"),
            Text($"{trained.Pictures}"),
            Text($"{trained.PerSecond.Mean:0.0}"),
            Text($"{measured.Seconds.Mean:0.000}"),
            .. measured.Cells,
        ];
        return
        [
            .. Markdown.Table(
                ["diffused are", "minutes of a core", "pictures seen", "of these in a second", "seconds a picture drawn", .. Measurement.Heads],
                [Row("pixels, 128x128x3", pixelsTrained, pixels), Row("latents, 16x16x8", latentsTrained, latents)]),
            "",
            Text($"Latents train {latentsTrained.PerSecond.Mean / pixelsTrained.PerSecond.Mean:0} and draw {pixels.Seconds.Mean / latents.Seconds.Mean:0} times as fast."),
            "",
            Markdown.Finding("Training sees at least 2.7 times as many pictures in a second", 1, latentsTrained.PerSecond, pixelsTrained.PerSecond.Times(2.7)),
            Markdown.Finding("Drawing takes at most a 2.7th of the time", -1, latents.Seconds, pixels.Seconds.Times(1 / 2.7)),
            Markdown.Finding("Pictures are nearer to true ones (FID better by at least 1.6 times)", -1, latents.Off, pixels.Off),
            Markdown.Finding("And show the right class more often", 1, latents.Accuracy, pixels.Accuracy),
        ];

        async Task<(Trained Trained, Measurement Measured)> Measure(string name)
        {
            using DiffusionPipeline pipeline = bench.Load(name);
            GenerationRequest Request(int label) => new() { ClassLabel = label, Steps = Steps };

            // What is compiled and allocated once is not a picture's.
            await pipeline.GenerateAsync(Request(0) with { Count = bench.Count, Steps = 1, Seed = 0 }, cancellationToken: cancellationToken);
            return (Trained.Load(bench.PathOf(name, "training.json")), await bench.MeasureAsync(name, pipeline, Request, cancellationToken));
        }
    }

    /// <summary>What training says of itself.</summary>
    /// <param name="Minutes">How long the processor was at work for it.</param>
    /// <param name="Pictures">How many pictures it saw, each as often as it did.</param>
    /// <param name="PerSecond">How many of them in a second of that.</param>
    private sealed record Trained(double Minutes, long Pictures, Estimate PerSecond)
    {
        public static Trained Load(string path)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            double Number(string property) => json.RootElement.GetProperty(property).GetDouble();
            return new Trained(Number("processor_seconds") / 60, (long)Number("pictures"), new Estimate(Number("pictures") / Number("processor_seconds")));
        }
    }
}
