// Classifier guidance, as ADM has it: a network that is told no class, and the gradient of a classifier of noisy pictures that moves it to one.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var group = new Argument<string>("class") { Description = "What to draw.", DefaultValueFactory = _ => "smileys & emotion" };
var scales = new Option<double[]>("--scales") { Description = "Scales of the gradient, a row of pictures for each.", DefaultValueFactory = _ => [0, 1, 3, 10, 30], AllowMultipleArgumentsPerToken = true };
var count = new Option<int>("--count") { Description = "Pictures in a row.", DefaultValueFactory = _ => 8 };
var steps = new Option<int>("--steps") { Description = "Steps of DDPM.", DefaultValueFactory = _ => 50 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture of each row.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-classes and emoji-classifier.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "classifier-guidance.png" };
var command = new RootCommand("Guides a class model by a classifier alone, at growing scales.") { group, scales, count, steps, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string model = Path.Combine(parsed.GetValue(companions)!, "emoji-classes");
    using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(model);
    using var classifier = new OnnxClassifier(Path.Combine(parsed.GetValue(companions)!, "emoji-classifier", "model.onnx"));
    ClassList classes = ClassList.Load(Path.Combine(model, "classes.json"));
    var request = new GenerationRequest
    {
        // The classifier is asked for this class; the network is told of none.
        ClassLabel = classes.Find(parsed.GetValue(group)!),
        Conditioning = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create<float>([classes.None], [1])),
        Count = parsed.GetValue(count),
        Steps = parsed.GetValue(steps),
        Seed = parsed.GetValue(seed),
    };
    var pictures = new List<GeneratedImage>();
    foreach (double scale in parsed.GetValue(scales)!)
    {
        var guidance = new ClassifierGuidance(new ClassifierFreeGuidance(), classifier, scale, asScore: true);
        using DiffusionPipeline guided = pipeline.ToBuilder().UseGuidance(guidance).Build();
        GenerationResult result = await guided.GenerateAsync(request, cancellationToken: cancellationToken);
        pictures.AddRange(result.Images);
        Console.WriteLine($"scale {scale}: {result.Timings.Denoising.TotalSeconds:0.0} s, pictures {Diversity.Of(result.Images):0} apart");
    }

    using Image<Rgb24> sheet = ImageGrid.Create(pictures, request.Count);
    using Image<Rgb24> large = sheet.Upscale(3);
    large.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
