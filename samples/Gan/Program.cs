// A generative adversarial network: noise and a class become a picture in one pass, through the decoder of a pipeline that has no network before it.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var count = new Option<int>("--count") { Description = "Pictures of each class, a row for each class.", DefaultValueFactory = _ => 8 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture of each row.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-gan, and of emoji-classes, whose classes it draws.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "gan.png" };
var command = new RootCommand("Draws pictures of each class in one pass.") { count, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string folder = parsed.GetValue(companions)!;
    ClassList classes = ClassList.Load(Path.Combine(folder, "emoji-classes", "classes.json"));
    using DiffusionPipeline gan = DiffusionPipeline.CreateBuilder()
        .UseLatentDecoder(new OnnxGenerator(Path.Combine(folder, "emoji-gan", "model.onnx")))
        .UseConditions(new ClassConditions(classes.Names.Length))
        .UseDefaults(new GenerationDefaults { Width = 32, Height = 32 })
        .Build();
    var pictures = new List<GeneratedImage>();
    for (int label = 0; label < classes.Names.Length; label++)
    {
        var request = new GenerationRequest { ClassLabel = label, Count = parsed.GetValue(count), Seed = parsed.GetValue(seed) };
        GenerationResult result = await gan.GenerateAsync(request, cancellationToken: cancellationToken);
        pictures.AddRange(result.Images);
        Console.WriteLine($"{classes.Names[label]}: {result.Timings.Total.TotalMilliseconds:0} ms, pictures {Diversity.Of(result.Images):0} apart");
    }

    using Image<Rgb24> sheet = ImageGrid.Create(pictures, parsed.GetValue(count));
    using Image<Rgb24> large = sheet.Upscale(2);
    large.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
