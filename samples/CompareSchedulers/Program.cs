// One seed, many schedulers and step counts, side by side: model evaluations, time, and the distance to a thousand deterministic steps.
using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

const int Side = 128;
const int Margin = 192;
const int ReferenceSteps = 1000;

var prompt = new Argument<string>("prompt") { Description = "What to draw.", DefaultValueFactory = _ => "fruit" };
var names = new Option<string[]>("--schedulers") { Description = $"Schedulers: {string.Join(", ", SchedulerCatalog.Names)}.", DefaultValueFactory = _ => [.. SchedulerCatalog.Names], AllowMultipleArgumentsPerToken = true };
var steps = new Option<int[]>("--steps") { Description = "Step counts.", DefaultValueFactory = _ => [4, 8, 16, 32], AllowMultipleArgumentsPerToken = true };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "schedulers.png" };
var command = new RootCommand("Compares schedulers on one model.") { prompt, names, steps, seed, SampleModel.Folder, SampleModel.Guidance, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using DiffusionPipeline pipeline = SampleModel.Load(parsed);

    // All start at the same noise level, so that the deterministic ones aim at the same picture.
    DiscreteSchedulerOptions model = SchedulerCatalog.ModelOf(pipeline) with { TimestepSpacing = TimestepSpacing.Trailing };
    var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Seed = parsed.GetValue(seed) };
    (string Name, DiffusionPipeline Pipeline)[] rows = [.. parsed.GetValue(names)!.Select(name => (name, SchedulerCatalog.With(pipeline, name, model)))];
    Task<GenerationResult> Generate(DiffusionPipeline sampler, int count) => sampler.GenerateAsync(request with { Steps = count }, cancellationToken: cancellationToken);

    using DiffusionPipeline ddim = SchedulerCatalog.With(pipeline, "DDIM", model);
    Tensor<float> reference = (await Generate(ddim, ReferenceSteps)).Images[0].Pixels;
    int[] columns = parsed.GetValue(steps)!;
    int line = PixelFont.LineHeight(2);
    int cell = Side + (3 * line);
    using var sheet = new Image<Rgb24>(Margin + (columns.Length * Side), rows.Length * cell, new Rgb24(255, 255, 255));
    for (int row = 0; row < rows.Length; row++)
    {
        PixelFont.Draw(sheet, rows[row].Name, 2, (row * cell) + (Side / 2), new Rgb24(0, 0, 0), 2);
        for (int column = 0; column < columns.Length; column++)
        {
            GenerationResult result = await Generate(rows[row].Pipeline, columns[column]);
            using Image<Rgb24> picture = result.Images[0].ToImage();
            picture.Mutate(image => image.Resize(Side, Side));

            var corner = new Point(Margin + (column * Side), row * cell);
            sheet.Mutate(image => image.DrawImage(picture, corner, 1));
            string seconds = result.Timings.Denoising.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
            string distance = Distance(result.Images[0].Pixels, reference).ToString("0.000", CultureInfo.InvariantCulture);
            PixelFont.Draw(sheet, $"{columns[column]} steps", corner.X + 4, corner.Y + Side + 2, new Rgb24(0, 0, 0), 2);
            PixelFont.Draw(sheet, $"{result.Timings.EvaluationsPerImage} eval {seconds} s", corner.X + 4, corner.Y + Side + 2 + line, new Rgb24(90, 90, 90), 2);
            PixelFont.Draw(sheet, $"rms {distance}", corner.X + 4, corner.Y + Side + 2 + (2 * line), new Rgb24(90, 90, 90), 2);
            Console.WriteLine($"{rows[row].Name,-24} {columns[column],4} steps {result.Timings.EvaluationsPerImage,4} evaluations {seconds,6} s   rms distance {distance}");
        }
    }

    Array.ForEach(rows, row => row.Pipeline.Dispose());
    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});

// Root mean square over pixels and channels, on the scale of [-1, 1].
static double Distance(Tensor<float> a, Tensor<float> b) => TensorPrimitives.Distance(a.Values(), b.Values()) / Math.Sqrt(a.FlattenedLength);
