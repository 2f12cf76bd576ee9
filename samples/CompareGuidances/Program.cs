// Every guidance on one model at equal seeds: a sheet of pictures, and how often retrieval finds what a prompt asks for.
using System.CommandLine;
using System.Globalization;
using DiffusionSharp;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Samples.CompareGuidances;
using DiffusionSharp.Samples.Evaluation;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

const int Margin = 150;
const int Batch = 8;

var work = new Argument<string?>("work") { Description = "The work folder of training, with evaluation.json, full.npy and small.npy; without it there are pictures only.", DefaultValueFactory = _ => null };
var prompts = new Option<string[]>("--prompts") { Description = "What the sheet shows.", DefaultValueFactory = _ => ["a red apple", "a cat face on a blue background", "a rocket", "a green tree", "a slice of pizza", "an octopus"], AllowMultipleArgumentsPerToken = true };
var limit = new Option<int>("--limit") { Description = "How many emojis are drawn by name to be scored, evenly spread.", DefaultValueFactory = _ => 200 };
var seed = new Option<long>("--seed") { Description = "Seed of the sheet.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "guidances.png" };
var command = new RootCommand("Compares guidances on one model.") { work, prompts, limit, seed, SampleModel.Folder, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    Scorer? scorer = parsed.GetValue(work) is { } folder ? Scorer.Open(folder, parsed.GetValue(limit)) : null;
    using DiffusionPipeline emoji = SampleModel.Load(parsed, new OnnxPipelineOptions { Batching = new BatchingOptions { MaxRows = 2 * Batch }, CachedPrompts = 2000 });
    string[] shown = parsed.GetValue(prompts)!;
    int side = emoji.Defaults.Width;
    using var sheet = new Image<Rgb24>(Margin + (shown.Length * side), GuidanceCase.All.Count * side, new Rgb24(255, 255, 255));

    Console.WriteLine($"| guidance | w | evaluations |{(scorer is null ? "" : " top-1 | top-5 |")}\n|---|---|---|{(scorer is null ? "" : "---|---|")}");
    for (int row = 0; row < GuidanceCase.All.Count; row++)
    {
        GuidanceCase one = GuidanceCase.All[row];
        using DiffusionPipeline pipeline = emoji.ToBuilder().UseGuidance(one.Guidance).Build();
        TextToImageRequest Request(string prompt, long of) => new(prompt) { NegativePrompt = one.NegativePrompt, GuidanceScale = one.Scale, Seed = of };
        GenerationResult[] results = await Task.WhenAll(shown.Select(prompt => pipeline.GenerateAsync(Request(prompt, parsed.GetValue(seed)), cancellationToken: cancellationToken)));
        for (int column = 0; column < shown.Length; column++)
        {
            using Image<Rgb24> picture = results[column].Images[0].ToImage();
            var corner = new Point(Margin + (column * side), row * side);
            sheet.Mutate(image => image.DrawImage(picture, corner, 1));
        }

        PixelFont.Draw(sheet, one.Name, 4, (row * side) + (side / 2) - PixelFont.LineHeight(2), new Rgb24(0, 0, 0), 2);
        PixelFont.Draw(sheet, $"w = {one.Scale}", 4, (row * side) + (side / 2), new Rgb24(90, 90, 90), 2);
        string scores = scorer is null ? "" : await scorer.ScoreAsync(pipeline, Request, Batch, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {one.Name} | {one.Scale} | {results[0].Timings.EvaluationsPerImage} |{scores}"));
    }

    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
