using System.Globalization;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples.Claims;

/// <summary>Many steps, few steps and one pass: a diffusion model of pixels, a latent consistency model (arXiv:2310.04378), a generative adversarial network.</summary>
internal static class SpeedTable
{
    private const int Many = 250;
    private const int Fewer = 25;
    private const int Few = 4;

    public static async Task<IEnumerable<string>> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var rows = new List<(string Name, int Evaluations, Measurement Measured)>();
        async Task Add(string name, DiffusionPipeline pipeline, Func<int, GenerationRequest> request)
        {
            // What is compiled and allocated once is not a picture's.
            await pipeline.GenerateAsync(request(0) with { Count = bench.Count, Seed = 0 }, cancellationToken: cancellationToken);
            Measurement measured = await bench.MeasureAsync(name, pipeline, request, cancellationToken);
            rows.Add((name, measured.Classes[0].Timings.EvaluationsPerImage, measured));
        }

        using DiffusionPipeline adm = bench.Load("emoji-classes");
        foreach (int steps in (int[])[Many, Fewer])
        {
            await Add($"ADM, {steps} steps", adm, label => new GenerationRequest { ClassLabel = label, Steps = steps });
        }

        using DiffusionPipeline lcm = FewSteps(bench);
        foreach (int steps in (int[])[Few, 1])
        {
            await Add($"LCM, {steps} {(steps == 1 ? "step" : "steps")}, 64x64", lcm, label => new TextToImageRequest("-") { Prompts = bench.Index.NamesOf(label, bench.Count), Steps = steps, GuidanceScale = 1 });
        }

        using DiffusionPipeline gan = DiffusionPipeline.CreateBuilder()
            .UseLatentDecoder(new OnnxGenerator(bench.PathOf("emoji-gan", "model.onnx"), Bench.Options.Onnx))
            .UseConditions(new ClassConditions(bench.Classes.Names.Length))
            .UseDefaults(new GenerationDefaults { Width = adm.Defaults.Width, Height = adm.Defaults.Height })
            .Build();
        await Add("GAN, one pass", gan, label => new GenerationRequest { ClassLabel = label });

        bench.Save("claims-speed.png", rows.Select(row => row.Measured.Classes.Select(result => result.Images[0])), 64);
        (Measurement many, Measurement fewer, Measurement few, Measurement one, Measurement pass) = (rows[0].Measured, rows[1].Measured, rows[2].Measured, rows[3].Measured, rows[4].Measured);
        string Row(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Markdown.Table(["model", "evaluations", "seconds a picture", "times as fast", .. Measurement.Heads], rows.Select(row => (string[])
            [
                row.Name,
                $"{row.Evaluations}",
                Row($"{row.Measured.Seconds.Mean:0.0000}"),
                Row($"{many.Seconds.Mean / row.Measured.Seconds.Mean:0}"),
                .. row.Measured.Cells,
            ])),
            "",
            Markdown.Finding("A GAN draws sooner than ADM in 25 steps", -1, pass.Seconds, fewer.Seconds),
            Markdown.Finding("ADM's pictures are more diverse than a GAN's (recall 0.52 and 0.28)", 1, many.Apart, pass.Apart),
            Markdown.Finding("A GAN's show the right class as often or more often (precision 0.87 and 0.82)", 1, pass.Accuracy, many.Accuracy),
            Markdown.Finding("ADM in 25 steps is about as good as in 250 (precision 0.81 and 0.82)", 0, fewer.Accuracy, many.Accuracy),
            Markdown.Finding("A latent consistency model needs 2 to 4 steps: 4 are nearer to true pictures than 1", -1, few.Off, one.Off),
        ];
    }

    // The UNet that was distilled, and the other parts of the model that it was distilled from.
    private static DiffusionPipeline FewSteps(Bench bench)
    {
        using DiffusionPipeline model = bench.Load("emoji-64");
        return model.ToBuilder()
            .UseNoisePredictor(new OnnxNoisePredictor(bench.PathOf("emoji-few-steps", "unet", "model.onnx"), Bench.Options.Onnx))
            .UseScheduler(SchedulerConfig.Load(bench.PathOf("emoji-few-steps", "scheduler", "scheduler_config.json")))
            .Build();
    }
}
