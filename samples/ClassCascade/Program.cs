// A class-conditional cascade, as CDM has it: small pictures of classes, and a super-resolution model that is shown them, noised to a level that it is told.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var levels = new Option<int[]>("--noise-levels") { Description = "Levels of conditioning augmentation, a row of pictures for each.", DefaultValueFactory = _ => [0, 50, 150], AllowMultipleArgumentsPerToken = true };
var scale = new Option<float>("--guidance") { Description = "Guidance scale of the first model.", DefaultValueFactory = _ => 2 };
var steps = new Option<int>("--steps") { Description = "Steps of the first model.", DefaultValueFactory = _ => 50 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-classes and emoji-upscaler.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet: the small pictures, and the large ones below.", DefaultValueFactory = _ => "class-cascade.png" };
var command = new RootCommand("Draws a picture of each class in 32x32 pixels, and again in 64x64.") { levels, scale, steps, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string model = Path.Combine(parsed.GetValue(companions)!, "emoji-classes");
    using Cascade cascade = await OnnxCascade.LoadAsync([model, Path.Combine(parsed.GetValue(companions)!, "emoji-upscaler")], cancellationToken: cancellationToken);
    ClassList classes = ClassList.Load(Path.Combine(model, "classes.json"));
    var request = new GenerationRequest
    {
        Count = classes.Names.Length,
        ClassLabels = [.. Enumerable.Range(0, classes.Names.Length).Select(label => (long)label)],
        NegativeConditioning = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create<float>([classes.None], [1])),
        GuidanceScale = parsed.GetValue(scale),
        Steps = parsed.GetValue(steps),
        Seed = parsed.GetValue(seed),
    };
    var rows = new List<Image<Rgb24>>();
    foreach (int level in parsed.GetValue(levels)!)
    {
        UpscalerSettings settings = new() { Steps = 20, NoiseLevel = level };
        GenerationResult result = await cascade.GenerateAsync(request with { Parts = [settings] }, cancellationToken: cancellationToken);
        if (rows.Count == 0)
        {
            using Image<Rgb24> first = ImageGrid.Create(result.Stages[0].Images, request.Count, gap: 0);
            rows.Add(first.Upscale(4));
        }

        using Image<Rgb24> second = ImageGrid.Create(result.Images, request.Count, gap: 0);
        rows.Add(second.Upscale(2));
        Console.WriteLine($"noise level {level}: {string.Join(" and ", result.Stages.Select(stage => $"{stage.Timings.Denoising.TotalSeconds:0.0} s"))}");
    }

    using Image<Rgb24> sheet = ImageGrid.Create(rows, columns: 1, gap: 0);
    sheet.Save(parsed.GetValue(output)!);
    rows.ForEach(row => row.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
