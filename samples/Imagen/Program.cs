// A text-to-image cascade, as Imagen has it: a prompt becomes a small picture, and a super-resolution model, which is not told the prompt, doubles that.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

string[] usual = ["a red apple", "grinning face", "dog face", "a rocket on a blue background", "an owl on a purple background", "a slice of pizza", "a taxi on a yellow background", "fruit"];
var prompts = new Argument<string[]>("prompts") { Description = "What to draw, a column for each.", DefaultValueFactory = _ => usual };
var scales = new Option<float[]>("--guidance") { Description = "Guidance scales, two rows for each: 32x32 and 64x64 pixels.", DefaultValueFactory = _ => [1, 2], AllowMultipleArgumentsPerToken = true };
var steps = new Option<int>("--steps") { Description = "Steps of the first model.", DefaultValueFactory = _ => 20 };
var level = new Option<int>("--noise-level") { Description = "To what level the small pictures are noised.", DefaultValueFactory = _ => 20 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-pixels and emoji-upscaler.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "imagen.png" };
var command = new RootCommand("Draws prompts in 32x32 pixels, and again in 64x64.") { prompts, scales, steps, level, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string folder = parsed.GetValue(companions)!;
    using Cascade imagen = await OnnxCascade.LoadAsync([Path.Combine(folder, "emoji-pixels"), Path.Combine(folder, "emoji-upscaler")], cancellationToken: cancellationToken);
    string[] asked = parsed.GetValue(prompts)!;
    var rows = new List<Image<Rgb24>>();
    foreach (float scale in parsed.GetValue(scales)!)
    {
        GenerationResult result = await imagen.GenerateAsync(
            new TextToImageRequest(asked[0])
            {
                Prompts = asked,
                Count = asked.Length,
                GuidanceScale = scale,
                Steps = parsed.GetValue(steps),
                Parts = [new UpscalerSettings { Steps = 20, NoiseLevel = parsed.GetValue(level) }],
                Seed = parsed.GetValue(seed),
            },
            cancellationToken: cancellationToken);
        foreach ((GenerationResult stage, int zoom) in result.Stages.Zip([4, 2]))
        {
            using Image<Rgb24> row = ImageGrid.Create(stage.Images, asked.Length, gap: 0);
            rows.Add(row.Upscale(zoom));
        }

        Console.WriteLine($"guidance {scale}: {string.Join(" and ", result.Stages.Select(stage => $"{stage.Timings.Denoising.TotalSeconds:0.0} s"))}");
    }

    using Image<Rgb24> sheet = ImageGrid.Create(rows, columns: 1, gap: 0);
    sheet.Save(parsed.GetValue(output)!);
    rows.ForEach(row => row.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
