// Several requests at once through one pipeline, as a server has them: each to itself, then with their model calls merged.
using System.CommandLine;
using System.Diagnostics;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;

var requests = new Option<int>("--requests") { Description = "How many requests.", DefaultValueFactory = _ => 8 };
var steps = new Option<int>("--steps") { Description = "Denoising steps of each.", DefaultValueFactory = _ => 20 };
var maxRows = new Option<int>("--max-rows") { Description = "Most rows of a model call; a picture with guidance is two.", DefaultValueFactory = _ => new BatchingOptions().MaxRows };
var model = new Option<string>("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };
var output = new Option<string>("--output", "-o") { Description = "Where to write the pictures, one row without batching and one with it.", DefaultValueFactory = _ => "serving.png" };
var command = new RootCommand("Serves concurrent requests, without and with batching.") { requests, steps, maxRows, model, output };

string[] prompts = ["a red apple", "a red heart", "a house", "a taxi", "a cloud", "pig face", "crescent moon", "a rocket"];

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    int count = parsed.GetValue(requests);
    ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

    // Each arrives with a number of steps of its own, so no two are at the same timestep for long.
    TextToImageRequest[] all = [.. Enumerable.Range(0, count).Select(i => new TextToImageRequest(prompts[i % prompts.Length]) { Seed = i, Steps = parsed.GetValue(steps) + (i % 3) })];
    var batching = new BatchingOptions { MaxRows = parsed.GetValue(maxRows) };
    List<GeneratedImage> pictures = [];
    foreach (BatchingOptions? setting in (BatchingOptions?[])[null, batching])
    {
        var options = new OnnxPipelineOptions { Batching = setting, CachedPrompts = 64 };
        string? folder = parsed.GetValue(model);
        using DiffusionPipeline pipeline = folder is null ? EmojiPipeline.Load(options) : OnnxDiffusionPipeline.Load(folder, options);
        await pipeline.GenerateAsync(all[0] with { Steps = 1 }, cancellationToken: cancellationToken);

        long started = Stopwatch.GetTimestamp();
        GenerationResult[] results = await Task.WhenAll(all.Select(request => pipeline.GenerateAsync(request, cancellationToken: cancellationToken)));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant($"{(setting is null ? "each to itself" : "batched"),-14} {seconds,6:0.00} s, {count / seconds:0.00} pictures a second"));
        pictures.AddRange(results.Select(result => result.Images[0]));
    }

    using Image sheet = ImageGrid.Create(pictures, count);
    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
