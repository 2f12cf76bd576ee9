// Latent diffusion over a codebook, told a class: what is denoised is 64 times smaller than the picture, and every place of it is looked up before it is drawn.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var count = new Option<int>("--count") { Description = "Pictures of each class, a row for each class.", DefaultValueFactory = _ => 8 };
var scale = new Option<float>("--guidance") { Description = "Guidance scale, away from the class that stands for none.", DefaultValueFactory = _ => 2 };
var steps = new Option<int>("--steps") { Description = "Steps.", DefaultValueFactory = _ => 50 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture of each row.", DefaultValueFactory = _ => 1 };
var model = new Option<string>("--model") { Description = "The model folder.", DefaultValueFactory = _ => Path.Combine("companions", "emoji-vq") };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "latent-classes.png" };
var command = new RootCommand("Draws pictures of each class with a latent diffusion model.") { count, scale, steps, seed, model, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(parsed.GetValue(model)!);
    ClassList classes = ClassList.Load(Path.Combine(parsed.GetValue(model)!, "classes.json"));
    var request = new GenerationRequest
    {
        Count = parsed.GetValue(count),
        NegativeConditioning = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create<float>([classes.None], [1])),
        GuidanceScale = parsed.GetValue(scale),
        Steps = parsed.GetValue(steps),
        Seed = parsed.GetValue(seed),
    };
    var pictures = new List<GeneratedImage>();
    for (int label = 0; label < classes.Names.Length; label++)
    {
        GenerationResult result = await pipeline.GenerateAsync(request with { ClassLabel = label }, cancellationToken: cancellationToken);
        pictures.AddRange(result.Images);
        Console.WriteLine($"{classes.Names[label]}: {result.Timings.Denoising.TotalSeconds:0.0} s for latents, {result.Timings.Decoding.TotalSeconds:0.0} s for pictures, which are {Diversity.Of(result.Images):0} apart");
    }

    using Image<Rgb24> sheet = ImageGrid.Create(pictures, request.Count, gap: 0);
    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
