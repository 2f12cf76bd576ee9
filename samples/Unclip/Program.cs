// unCLIP, the system of DALL-E 2: a prior makes the embeddings of pictures out of prompts, and a decoder draws after embeddings: those of prompts, of a picture, and between two.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

string[] eight = ["red apple", "grinning face", "panda", "rocket", "a pizza on a purple background", "a red heart on a yellow background", "pixel art of a cat face", "an owl and a mushroom"];
var prompts = new Option<string[]>("--prompts") { Description = "What the first row shows.", DefaultValueFactory = _ => eight, AllowMultipleArgumentsPerToken = true };
var pictures = new Option<string[]>("--pictures") { Description = "Two pictures: the first is varied, and there are others between both; drawn by the embedded model by default.", AllowMultipleArgumentsPerToken = true };
var scale = new Option<float>("--guidance") { Description = "Guidance scale of prior and decoder.", DefaultValueFactory = _ => 1.5f };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var companions = new Option<string>("--companions") { Description = "The folder of emoji-prior and emoji-unclip.", DefaultValueFactory = _ => "companions" };
var output = new Option<string>("--output", "-o") { Description = "Where to write the sheet.", DefaultValueFactory = _ => "unclip.png" };
var command = new RootCommand("Draws pictures of prompts, variations of a picture, and pictures between two.") { prompts, pictures, scale, seed, companions, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    string PathOf(params string[] parts) => Path.Combine([parsed.GetValue(companions)!, .. parts]);
    using DiffusionPipeline prior = OnnxDiffusionPipeline.Load(PathOf("emoji-prior"));
    using var encoder = new OnnxImageEncoder(PathOf("emoji-prior", "image_encoder", "model.onnx"));
    var space = (EmbeddingSpace)prior.LatentSpace;
    using DiffusionPipeline decoder = DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(new OnnxNoisePredictor(PathOf("emoji-unclip", "unet", "model.onnx")))
        .UseConditions(new ImageEmbeddingConditions(space.Channels))
        .UseLatentDecoder(new OnnxLatentDecoder(Path.Combine(EmojiPipeline.ModelFolder, "vae_decoder", "model.onnx")))
        .UseScheduler(SchedulerConfig.Load(PathOf("emoji-unclip", "scheduler", "scheduler_config.json")))
        .UseDefaults(EmojiPipeline.Defaults)
        .Build();
    using DiffusionPipeline emojis = EmojiPipeline.Load();
    Tensor<float>[] two = parsed.GetValue(pictures) is { Length: > 0 } files
        ? [.. files.Select(file => ImageTensors.Load(file, ImageFit.Exactly(128, 128)))]
        : [.. emojis.Generate(new TextToImageRequest("") { Prompts = ["fox", "tiger face"], Count = 2, Seed = 1 }, cancellationToken: cancellationToken).Images.Select(image => image.Pixels)];
    Tensor<float>[] ends = [.. two.Select(picture => encoder.Encode(picture, cancellationToken))];

    int columns = parsed.GetValue(prompts)!.Length;
    var request = new TextToImageRequest(eight[0]) { Prompts = parsed.GetValue(prompts), Count = columns, GuidanceScale = parsed.GetValue(scale), Seed = parsed.GetValue(seed) };
    GenerationResult imagined = await prior.GenerateAsync(request, cancellationToken: cancellationToken);
    Tensor<float> rows = Tensor.ConcatenateOnDimension<float>(0, [
        space.Embeddings(imagined.Latents),
        .. Enumerable.Repeat(ends[0], columns),
        .. Enumerable.Range(0, columns).Select(i => ImageEmbedding.Between(ends[0], ends[^1], i / Math.Max(1.0, columns - 1)))]);
    ImageEmbedding embeddings = new(rows) { Negative = encoder.EncodeNothing(cancellationToken) };
    var drawing = new GenerationRequest { Count = 3 * columns, GuidanceScale = request.GuidanceScale, Seed = request.Seed, Parts = [embeddings] };
    GenerationResult drawn = await decoder.GenerateAsync(drawing, cancellationToken: cancellationToken);
    // The picture itself stands before its variations.
    Image<Rgb24>[] cells = [.. drawn.Images.Select((image, i) => (i == columns ? two[0] : image.Pixels).ToImage())];
    using Image<Rgb24> sheet = ImageGrid.Create(cells, columns, gap: 0);
    sheet.Save(parsed.GetValue(output)!);
    Array.ForEach(cells, cell => cell.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
