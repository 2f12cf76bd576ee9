// The edges of a picture, and with a model folder that has a ControlNet a picture that follows them.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var prompt = new Argument<string>("prompt") { Description = "What the result shall show.", DefaultValueFactory = _ => "a house" };
var input = new Option<string>("--input", "-i") { Description = "The picture whose edges are followed; one of the embedded model by default." };
var model = new Option<string>("--model", "-m") { Description = "A model folder with a ControlNet of edges; without one only the edges are written." };
var controlNet = new Option<string>("--controlnet") { Description = "A folder with another ControlNet, in place of the model folder's." };
var weight = new Option<double>("--weight") { Description = "How strongly the edges count.", DefaultValueFactory = _ => 1 };
var end = new Option<double>("--end") { Description = "To which share of the steps they count.", DefaultValueFactory = _ => 1 };
var low = new Option<int>("--low") { Description = "From which gradient on an edge goes on.", DefaultValueFactory = _ => 100 };
var high = new Option<int>("--high") { Description = "Above which gradient an edge begins.", DefaultValueFactory = _ => 200 };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write; the edges are written beside it.", DefaultValueFactory = _ => "controlled.png" };
var command = new RootCommand("Draws a picture along the edges of another.") { prompt, input, model, controlNet, weight, end, low, high, seed, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    string path = parsed.GetValue(output)!;
    string edgesPath = Path.ChangeExtension(path, $".edges{Path.GetExtension(path)}");
    ImageFiles.RequireWritable(path);
    ImageFiles.RequireWritable(edgesPath);
    var options = new OnnxPipelineOptions { ControlNets = parsed.GetValue(controlNet) is { } folder ? [folder] : [] };
    using DiffusionPipeline? pipeline = parsed.GetValue(model) is { } modelFolder ? await OnnxDiffusionPipeline.LoadAsync(modelFolder, options, cancellationToken: cancellationToken) : null;

    Tensor<float> picture = await StartAsync(parsed.GetValue(input), pipeline, cancellationToken);
    Tensor<float> edges = CannyEdges.Detect(picture, parsed.GetValue(low), parsed.GetValue(high));
    using (Image<Rgb24> image = edges.ToImage())
    {
        image.Save(edgesPath);
    }

    SampleApp.ReportFile(edgesPath);
    if (pipeline is null)
    {
        return;
    }

    var control = new ControlPicture(edges) { Weight = parsed.GetValue(weight), End = parsed.GetValue(end) };
    var request = new TextToImageRequest(parsed.GetValue(prompt)!)
    {
        Width = (int)edges.Lengths[3],
        Height = (int)edges.Lengths[2],
        Seed = parsed.GetValue(seed),
        Parts = [new ControlPictures(control)],
    };
    GenerationResult result = await pipeline.GenerateAsync(request, cancellationToken: cancellationToken);
    result.Images[0].Save(path);
    SampleApp.ReportFile(path);
});

// A picture in a size that the model draws.
static async Task<Tensor<float>> StartAsync(string? input, DiffusionPipeline? pipeline, CancellationToken cancellationToken)
{
    ImageFit fit = pipeline is null ? ImageFit.ToMultipleOf(1) : ImageFit.Exactly(pipeline.Defaults.Width, pipeline.Defaults.Height);
    if (input is not null)
    {
        return ImageTensors.Load(input, fit);
    }

    using DiffusionPipeline emoji = EmojiPipeline.Load();
    GenerationResult result = await emoji.GenerateAsync(new TextToImageRequest("a house") { Seed = 1 }, cancellationToken: cancellationToken);
    using var png = new MemoryStream();
    result.Images[0].SaveAsPng(png);
    png.Position = 0;
    return ImageTensors.Load(png, fit);
}
