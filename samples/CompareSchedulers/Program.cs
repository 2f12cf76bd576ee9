// One seed, several schedulers and step counts, side by side, with model evaluations and time under each picture.
using System.CommandLine;
using System.Globalization;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Schedulers.Ddim;
using DiffusionSharp.Schedulers.Ddpm;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

const int Side = 128;
const int Margin = 88;

var prompt = new Argument<string>("prompt") { Description = "What to draw.", DefaultValueFactory = _ => "a red apple" };
var steps = new Option<int[]>("--steps") { Description = "Step counts.", DefaultValueFactory = _ => [5, 10, 20, 50, 100], AllowMultipleArgumentsPerToken = true };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "schedulers.png" };
var command = new RootCommand("Compares schedulers on the embedded model.") { prompt, steps, seed, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using DiffusionPipeline pipeline = EmojiPipeline.Load();
    DiscreteSchedulerOptions trained = ((IDiscreteScheduler)pipeline.Scheduler).Options;
    (string Name, IScheduler Scheduler)[] rows =
    [
        ("DDPM", new DdpmScheduler(DdpmOptions.From(trained))),
        ("DDIM", new DdimScheduler(DdimOptions.From(trained))),
        ("DDIM ETA 1", new DdimScheduler(DdimOptions.From(trained) with { Eta = 1 })),
    ];

    int[] columns = parsed.GetValue(steps)!;
    int cell = Side + (2 * PixelFont.LineHeight(2));
    using var sheet = new Image<Rgb24>(Margin + (columns.Length * Side), rows.Length * cell, new Rgb24(255, 255, 255));
    for (int row = 0; row < rows.Length; row++)
    {
        PixelFont.Draw(sheet, rows[row].Name, 2, (row * cell) + (Side / 2), new Rgb24(0, 0, 0), 2);
        for (int column = 0; column < columns.Length; column++)
        {
            var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Steps = columns[column], Seed = parsed.GetValue(seed) };
            GenerationResult result = await pipeline.WithScheduler(rows[row].Scheduler).GenerateAsync(request, cancellationToken: cancellationToken);
            using Image<Rgb24> picture = result.Images[0].ToImage();
            picture.Mutate(image => image.Resize(Side, Side));

            var corner = new Point(Margin + (column * Side), row * cell);
            sheet.Mutate(image => image.DrawImage(picture, corner, 1));
            string seconds = result.Timings.Denoising.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
            PixelFont.Draw(sheet, $"{columns[column]} steps", corner.X + 4, corner.Y + Side + 2, new Rgb24(0, 0, 0), 2);
            PixelFont.Draw(sheet, $"{result.Timings.EvaluationsPerImage} eval {seconds} s", corner.X + 4, corner.Y + Side + 2 + PixelFont.LineHeight(2), new Rgb24(90, 90, 90), 2);
            Console.WriteLine($"{rows[row].Name,-10} {columns[column],4} steps {result.Timings.EvaluationsPerImage,4} evaluations {seconds,6} s");
        }
    }

    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
