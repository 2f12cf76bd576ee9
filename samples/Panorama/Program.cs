// A picture much wider than the model was trained at, and one that tiles a plane: both predicted in overlapping windows.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

// What the model was trained at.
int side = EmojiPipeline.Defaults.Width;
const int Repetitions = 3;

var prompt = new Argument<string>("prompt") { Description = "What to draw.", DefaultValueFactory = _ => "a house on a teal background" };
var tilePrompt = new Option<string>("--tile-prompt") { Description = "What to draw on the tile.", DefaultValueFactory = _ => "herb" };
var width = new Option<int>("--width") { Description = "Width of the panorama in pixels.", DefaultValueFactory = _ => 5 * side };
var steps = new Option<int>("--steps") { Description = "Denoising steps.", DefaultValueFactory = _ => 30 };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write the panorama.", DefaultValueFactory = _ => "panorama.png" };
var tile = new Option<string>("--tile") { Description = "Where to write the picture that tiles a plane, three times in each direction.", DefaultValueFactory = _ => "seamless.png" };
var command = new RootCommand("Draws a panorama and a seamless tile with the embedded model.") { prompt, tilePrompt, width, steps, seed, output, tile };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    ImageFiles.RequireWritable(parsed.GetValue(tile)!);
    using DiffusionPipeline pipeline = EmojiPipeline.Load();
    var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Steps = parsed.GetValue(steps), Seed = parsed.GetValue(seed), Height = side };
    var window = new WindowOptions(side / pipeline.LatentSpace.DownsamplingFactor);

    using DiffusionPipeline wide = pipeline.ToBuilder()
        .UseNoisePredictor(new WindowedNoisePredictor(pipeline.NoisePredictor!, window, leaveOpen: true))
        .Build();
    GenerationResult panorama = await wide.GenerateAsync(request with { Width = parsed.GetValue(width) }, cancellationToken: cancellationToken);
    panorama.Images[0].SaveAsPng(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);

    // The decoder, too, has to see beyond the edges.
    using DiffusionPipeline seamless = pipeline.ToBuilder()
        .UseNoisePredictor(new WindowedNoisePredictor(pipeline.NoisePredictor!, window with { WrapsHorizontally = true, WrapsVertically = true }, leaveOpen: true))
        .UseLatentDecoder(new TiledLatentDecoder(pipeline.LatentDecoder!, new LatentTiling { Overlap = 0.5, WrapsHorizontally = true, WrapsVertically = true }, leaveOpen: true))
        .Build();
    GenerationResult tiling = await seamless.GenerateAsync(request with { Prompt = parsed.GetValue(tilePrompt)!, Width = side }, cancellationToken: cancellationToken);
    using Image<Rgb24> plane = ImageGrid.Create([.. Enumerable.Repeat(tiling.Images[0], Repetitions * Repetitions)], Repetitions, gap: 0);
    plane.Save(parsed.GetValue(tile)!);
    SampleApp.ReportFile(parsed.GetValue(tile)!);
});
