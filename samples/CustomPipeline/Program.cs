// A pipeline of your own parts: an optimal noise predictor in closed form, written here, in place of a network.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "custom-pipeline.png" };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture.", DefaultValueFactory = _ => 1 };
var command = new RootCommand("Samples from a model that is a formula.") { output, seed };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    NoiseSchedule schedule = NoiseSchedule.Linear();
    using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(new ClosestPicturePredictor([Stripes(0), Stripes(1), Disc(12), Disc(24)], schedule))
        .UseScheduler(new DdimScheduler(new DdimOptions { Schedule = schedule }))
        .UsePixelSpace()
        .UseDefaults(new GenerationDefaults { Width = ClosestPicturePredictor.Side, Height = ClosestPicturePredictor.Side, Steps = 50 })
        .Build();

    GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Count = 8, Seed = parsed.GetValue(seed) }, cancellationToken: cancellationToken);
    List<Image<Rgb24>> pictures = [.. result.Images.Select(image => image.ToImage())];
    using Image<Rgb24> sheet = ImageGrid.Create(pictures, pictures.Count);
    sheet.Save(parsed.GetValue(output)!);
    pictures.ForEach(picture => picture.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});

static float[] Stripes(int axis) => Draw((x, y) => (axis == 0 ? x : y) / 8 % 2 == 0);

static float[] Disc(int radius) => Draw((x, y) => Math.Pow(x - 31.5, 2) + Math.Pow(y - 31.5, 2) < radius * radius);

static float[] Draw(Func<int, int, bool> lit)
{
    const int side = ClosestPicturePredictor.Side;
    var pixels = new float[3 * side * side];
    for (int i = 0; i < pixels.Length; i++)
    {
        pixels[i] = lit(i % side, i / side % side) ? 1 : (i / (side * side)) - 1;
    }

    return pixels;
}
