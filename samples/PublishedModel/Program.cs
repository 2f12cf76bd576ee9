// A picture from a model as it is published, a diffusers folder with safetensors, with LoRAs.
using System.CommandLine;
using System.Globalization;
using DiffusionSharp;
using DiffusionSharp.Diffusers;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;

var folder = new Argument<string>("folder") { Description = "A diffusers folder (model_index.json, *.safetensors)." };
var prompt = new Argument<string>("prompt") { Description = "What to draw." };
var download = new Option<bool>("--download") { Description = "The folder is the name of a model on the hub, owner/name, which is downloaded where it is not in the cache." };
var loras = new Option<string[]>("--lora") { Description = "A LoRA file, or FILE=SCALE; may be given several times.", DefaultValueFactory = _ => [] };
var variant = new Option<string?>("--variant") { Description = "Which weights, for example fp16." };
var map = new Option<bool>("--map") { Description = "Leaves the weights in their files, which saves memory." };
var fast = new Option<bool>("--fast") { Description = "Writes the networks for the picture's size, which is faster and takes memory and a cache beside the weights." };
var steps = new Option<int?>("--steps") { Description = "Denoising steps." };
var seed = new Option<long>("--seed") { Description = "The same seed gives the same picture.", DefaultValueFactory = _ => 1 };
var size = new Option<int?>("--size") { Description = "Width and height in pixels." };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "picture.png" };
var command = new RootCommand("Draws a picture with a published model.") { folder, prompt, download, loras, variant, map, fast, steps, seed, size, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using var logging = new StandardErrorLogging();
    var options = new DiffusersPipelineOptions
    {
        Loras = [.. parsed.GetValue(loras)!.Select(Lora)],
        Variant = parsed.GetValue(variant),
        MapsWeights = parsed.GetValue(map),
        Fast = parsed.GetValue(fast) ? new FastSizes() : null,
        LoggerFactory = logging,
    };
    string model = parsed.GetValue(folder)!;
    if (parsed.GetValue(download))
    {
        var progress = new Progress<DownloadProgress>(told => Console.Error.Write($"\r{told.Received / 1_000_000} of {told.Total / 1_000_000} MB"));
        model = await ModelHub.DownloadAsync(model, progress: progress, options: new ModelHubOptions { Variant = options.Variant }, cancellationToken: cancellationToken);
    }

    var loaded = new Progress<LoadProgress>(told => Console.Error.Write($"\r{told.Part}: {told.Done} of {told.Count}          "));
    using DiffusionPipeline pipeline = await DiffusersPipeline.LoadAsync(model, options, loaded, cancellationToken);

    var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Seed = parsed.GetValue(seed), Steps = parsed.GetValue(steps), Width = parsed.GetValue(size), Height = parsed.GetValue(size) };
    GenerationResult result = await pipeline.GenerateAsync(request, cancellationToken: cancellationToken);

    result.Images[0].Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});

static LoraFile Lora(string text)
{
    int sign = text.LastIndexOf('=');
    return sign >= 0 && float.TryParse(text.AsSpan(sign + 1), CultureInfo.InvariantCulture, out float scale) ? new LoraFile(text[..sign], scale) : new LoraFile(text);
}
