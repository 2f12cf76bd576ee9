using DiffusionSharp.Conditions;

namespace DiffusionSharp.Samples.Claims;

/// <summary>Conditioning augmentation of a cascade, off and on (arXiv:2106.15282): the second stage is shown the first one's picture, noised to a level.</summary>
internal static class CascadeTable
{
    private const int SmallSteps = 50;
    private const int LargeSteps = 20;

    private static readonly int[] Levels = [0, 50, 150, 300];

    public static async Task<IEnumerable<string>> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        using DiffusionPipeline small = bench.Load("emoji-classes");
        using DiffusionPipeline large = bench.Load("emoji-upscaler");
        Measurement first = await bench.MeasureAsync("32x32", small, label => new GenerationRequest { ClassLabel = label, Steps = SmallSteps }, cancellationToken);
        var second = new List<Measurement>();
        foreach (int level in Levels)
        {
            second.Add(await bench.MeasureAsync(
                $"64x64, level {level}",
                large,
                label => new GenerationRequest { Steps = LargeSteps, Parts = [new LowResolution(first.Classes[label].Latents) { NoiseLevel = level }] },
                cancellationToken));
        }

        bench.Save("claims-cascade.png", ((IEnumerable<Measurement>)[first, .. second]).Select(measured => measured.Classes.Select(result => result.Images[0])), 64);
        (Measurement without, Measurement with) = (second[0], second[^1]);
        return
        [
            .. Markdown.Table(["stage", "noise level", .. Measurement.Heads],
            [
                ["first, 32x32", "", .. first.Cells],
                .. second.Select((measured, i) => (string[])["second, 64x64", $"{Levels[i]}", .. measured.Cells]),
            ]),
            "",
            Markdown.Finding($"With augmentation, level {Levels[^1]}, pictures are nearer to true ones than without (FID 2.13 and 6.02)", -1, with.Off, without.Off),
            Markdown.Finding("And show the right class more often", 1, with.Accuracy, without.Accuracy),
            Markdown.Finding("The second stage without augmentation adds to the first one's faults (FID 6.02, one stage: 2.35)", 1, without.Off, first.Off),
        ];
    }
}
