// The first latent diffusion models read prompts with BERT's word pieces. Here one part of a pipeline is replaced: the embedded model draws what such an encoder reads.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

string[] usual = ["a red apple", "grinning face", "an owl on a purple background", "a rocket", "pixel art of a cat face", "a small frog at the top left", "a panda left of a rose", "a rose left of a panda"];
var prompts = new Argument<string[]>("prompts") { Description = "What to draw, a column for each.", DefaultValueFactory = _ => usual, Arity = ArgumentArity.ZeroOrMore };
var scale = new Option<float>("--guidance") { Description = "Guidance scale of the last row.", DefaultValueFactory = _ => 3 };
var steps = new Option<int>("--steps") { Description = "Steps of each picture.", DefaultValueFactory = _ => 20 };
var seed = new Option<long>("--seed") { Description = "Seed of the first picture of each row.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-bert.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "latent-diffusion.png" };
var command = new RootCommand("Draws prompts with the embedded model's own text encoder, with one over BERT's word pieces, and with that one and guidance.") { prompts, scale, steps, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string folder = Path.Combine(parsed.GetValue(companions)!, "emoji-bert");
    var tokenizer = BertTokenizer.Load(Path.Combine(folder, "tokenizer"));
    using DiffusionPipeline own = await EmojiPipeline.LoadAsync(cancellationToken: cancellationToken);
    using DiffusionPipeline bert = own.ToBuilder().UseTextEncoder(new OnnxTextEncoder(Path.Combine(folder, "bert", "model.onnx"), tokenizer)).Build();
    string[] asked = parsed.GetValue(prompts)!;
    foreach (string prompt in asked)
    {
        Console.WriteLine($"{prompt}: {string.Join(" ", tokenizer.Encode(prompt).Select(id => tokenizer.Decode([id])))}");
    }

    var request = new TextToImageRequest(asked[0]) { Prompts = asked, Count = asked.Length, Steps = parsed.GetValue(steps), GuidanceScale = 1, Seed = parsed.GetValue(seed) };
    var pictures = new List<GeneratedImage>();
    foreach ((DiffusionPipeline pipeline, float guidance) in new[] { (own, 1f), (bert, 1f), (bert, parsed.GetValue(scale)) })
    {
        pictures.AddRange((await pipeline.GenerateAsync(request with { GuidanceScale = guidance }, cancellationToken: cancellationToken)).Images);
    }

    using Image<Rgb24> sheet = ImageGrid.Create(pictures, asked.Length);
    sheet.Save(parsed.GetValue(output)!);
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
