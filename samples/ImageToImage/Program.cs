// A picture from a picture: how much of it is redrawn, from a little to all.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var prompt = new Argument<string>("prompt") { Description = "What the result shall show.", DefaultValueFactory = _ => "grinning face on a blue background" };
var input = new Option<string>("--input", "-i") { Description = "The picture to start from; a generated one by default." };
var strengths = new Option<double[]>("--strength") { Description = "How much to redraw, 0 to 1; one picture for each.", DefaultValueFactory = _ => [0, 0.3, 0.5, 0.7, 0.9, 1], AllowMultipleArgumentsPerToken = true };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "image-to-image.png" };
var command = new RootCommand("Redraws a picture to a prompt.") { prompt, input, strengths, seed, SampleModel.Folder, SampleModel.Guidance, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using DiffusionPipeline pipeline = SampleModel.Load(parsed);
    (int width, int height) = (pipeline.Defaults.Width, pipeline.Defaults.Height);
    Tensor<float> start = parsed.GetValue(input) is { } path
        ? ImageTensors.Load(path, ImageFit.Exactly(width, height))
        : (await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Seed = 0 }, cancellationToken: cancellationToken)).Images[0].Pixels;

    var strip = new List<Image<Rgb24>> { start.ToImage() };
    foreach (double strength in parsed.GetValue(strengths)!)
    {
        var request = new ImageToImageRequest(parsed.GetValue(prompt)!, start) { Strength = strength, Seed = parsed.GetValue(seed) };
        GenerationResult result = await pipeline.GenerateAsync(request, cancellationToken: cancellationToken);
        strip.Add(result.Images[0].ToImage());
        Console.WriteLine($"strength {strength:0.0#}: {result.Timings.Steps} steps");
    }

    using Image<Rgb24> picture = ImageGrid.Create(strip, strip.Count);
    picture.Save(parsed.GetValue(output)!);
    strip.ForEach(frame => frame.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
