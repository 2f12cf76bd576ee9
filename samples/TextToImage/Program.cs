// A picture from a prompt, with a progress bar and every option of a request.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Serialization;
using Spectre.Console;

var prompt = new Argument<string?>("prompt") { Description = "What to draw, for example \"a red apple\".", Arity = ArgumentArity.ZeroOrOne };
var negative = new Option<string?>("--negative") { Description = "What to keep out of the picture." };
var steps = new Option<int?>("--steps") { Description = "Denoising steps." };
var guidance = new Option<float?>("--guidance") { Description = "How strongly to follow the prompt; 1 or less means not at all." };
var seed = new Option<long?>("--seed") { Description = "Seed of the first picture, 1 by default; the same seed gives the same picture." };
var count = new Option<int?>("--count") { Description = "Number of pictures, 1 by default." };
var width = new Option<int?>("--width") { Description = "Width in pixels." };
var height = new Option<int?>("--height") { Description = "Height in pixels." };
var sampler = new Option<string>("--scheduler") { Description = $"The model's own by default; {string.Join(", ", SchedulerCatalog.Names)}." };
var model = new Option<string>("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };
var provider = new Option<ExecutionProvider>("--provider") { Description = "What executes the model.", DefaultValueFactory = _ => ExecutionProvider.Cpu };
var output = new Option<string>("--output", "-o") { Description = "Where to write; picture i of several gets -i before the ending.", DefaultValueFactory = _ => "picture.png" };
var saved = new Option<string>("--request") { Description = "Draws what a file of --save-request says, scheduler included; other options change it." };
var save = new Option<string>("--save-request") { Description = "Writes all that the pictures depend on besides the model, as JSON." };
var command = new RootCommand("Draws a picture from a prompt.") { prompt, negative, steps, guidance, seed, count, width, height, sampler, model, provider, output, saved, save };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using var logging = new StandardErrorLogging();
    var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Provider = parsed.GetValue(provider) }, LoggerFactory = logging };
    string? folder = parsed.GetValue(model);
    using DiffusionPipeline loaded = await (folder is null
        ? EmojiPipeline.LoadAsync(options, cancellationToken: cancellationToken)
        : OnnxDiffusionPipeline.LoadAsync(folder, options, cancellationToken: cancellationToken));
    using DiffusionPipeline pipeline = parsed.GetValue(sampler) is { } name ? SchedulerCatalog.With(loaded, name, SchedulerCatalog.ModelOf(loaded)) : loaded;

    // What is said beside a saved request changes it.
    GenerationRequest from = parsed.GetValue(saved) is { } file
        ? GenerationRequestJson.Default.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken))
        : new TextToImageRequest(parsed.GetValue(prompt) ?? throw new ArgumentException("Say what to draw, or give a --request.")) { Seed = 1 };
    GenerationRequest request = from with
    {
        Steps = parsed.GetValue(steps) ?? from.Steps,
        GuidanceScale = parsed.GetValue(guidance) ?? from.GuidanceScale,
        Seed = parsed.GetValue(seed) ?? from.Seed,
        Count = parsed.GetValue(count) ?? from.Count,
        Width = parsed.GetValue(width) ?? from.Width,
        Height = parsed.GetValue(height) ?? from.Height,
    };
    if (request is TextToImageRequest text)
    {
        request = text with { Prompt = parsed.GetValue(prompt) ?? text.Prompt, NegativePrompt = parsed.GetValue(negative) ?? text.NegativePrompt };
    }

    GenerationResult result = await AnsiConsole.Progress().AutoClear(true).StartAsync(async context =>
    {
        ProgressTask bar = context.AddTask("Denoising", maxValue: 1);
        return await pipeline.GenerateAsync(request, new Progress<GenerationProgress>(p => bar.Value = p.Fraction), cancellationToken);
    });

    foreach (string warning in result.Warnings)
    {
        Console.Error.WriteLine(warning);
    }

    for (int i = 0; i < result.Images.Count; i++)
    {
        string path = Numbered(parsed.GetValue(output)!, i, result.Images.Count);
        result.Images[i].Save(path);
        SampleApp.ReportFile(path);
    }

    if (parsed.GetValue(save) is { } requestFile)
    {
        await File.WriteAllTextAsync(requestFile, GenerationRequestJson.Default.Serialize(result.Request), cancellationToken);
        SampleApp.ReportFile(requestFile);
    }

    Console.WriteLine($"{result.Timings.Steps} steps, seed {result.Images[0].Seed}, {result.Timings.Total.TotalSeconds:0.0} s");
});

static string Numbered(string path, int index, int count) =>
    count == 1 ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{index}{Path.GetExtension(path)}");
