// A picture dissolving into noise: the forward process q(x_t | x_0) of a noise schedule, from t = 0 to T.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var input = new Option<string>("--input", "-i") { Description = "The picture to dissolve; a generated one by default." };
var schedule = new Option<string>("--schedule") { Description = "linear, scaled_linear, cosine or sigmoid.", DefaultValueFactory = _ => "linear" };
var frames = new Option<int>("--frames") { Description = "Pictures on the strip, at least 2.", DefaultValueFactory = _ => 10 };
var seed = new Option<long>("--seed") { Description = "Seed of the noise.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "forward-noise.png" };
var command = new RootCommand("Dissolves a picture into noise.") { input, schedule, frames, seed, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    int wanted = parsed.GetValue(frames);
    if (wanted < 2)
    {
        throw new ArgumentException($"--frames must be at least 2, found {wanted}.");
    }

    NoiseSchedule noising = parsed.GetValue(schedule) switch
    {
        "linear" => NoiseSchedule.Linear(),
        "scaled_linear" => NoiseSchedule.ScaledLinear(),
        "cosine" => NoiseSchedule.SquaredCosine(),
        "sigmoid" => NoiseSchedule.Sigmoid(),
        var name => throw new ArgumentException($"Unknown schedule '{name}': known are linear, scaled_linear, cosine and sigmoid."),
    };

    Tensor<float> clean = await CleanPicture(parsed.GetValue(input), cancellationToken);
    var noise = new float[clean.FlattenedLength];
    new TorchCpuNoise(parsed.GetValue(seed)).Fill(noise);

    var noisy = new float[noise.Length];
    var strip = new List<Image<Rgb24>> { clean.ToImage() };
    for (int i = 1; i < wanted; i++)
    {
        int t = (noising.TrainingTimesteps - 1) * i / (wanted - 1);
        noising.AddNoise(clean.Values(), noise, t, noisy);
        strip.Add(Tensor.Create(noisy, clean.Lengths).ToImage());
        Console.WriteLine($"t = {t,3}: {Math.Sqrt(noising.AlphaBar[t]):0.000} of the picture, {Math.Sqrt(1 - noising.AlphaBar[t]):0.000} noise");
    }

    using Image<Rgb24> picture = ImageGrid.Create(strip, strip.Count);
    picture.Save(parsed.GetValue(output)!);
    strip.ForEach(frame => frame.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});

static async Task<Tensor<float>> CleanPicture(string? path, CancellationToken cancellationToken)
{
    if (path is not null)
    {
        return ImageTensors.Load(path, ImageFit.ToMultipleOf(1));
    }

    using DiffusionPipeline pipeline = EmojiPipeline.Load();
    return (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 }, cancellationToken: cancellationToken)).Images[0].Pixels;
}
