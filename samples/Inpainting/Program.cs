// Part of a picture drawn anew: the picture, the mask, and what the model's scheduler, RePaint and a model trained for it make of them.
using System.CommandLine;
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var prompt = new Argument<string>("prompt") { Description = "What the whole result shall show.", DefaultValueFactory = _ => "a red apple on a blue background" };
var input = new Option<string>("--input", "-i") { Description = "The picture; a generated apple by default." };
var mask = new Option<string>("--mask", "-m") { Description = "The mask, white where to draw anew; the picture's background by default." };
var strength = new Option<double>("--strength") { Description = "How much of that to redraw, 0 to 1.", DefaultValueFactory = _ => 1 };
var paste = new Option<bool>("--paste") { Description = "Pastes the known pixels into the results." };
var trained = new Option<string>("--inpainting-model") { Description = "An inpainting UNet for the other parts of that model, as companions/emoji-inpainting/unet/model.onnx is for companions/emoji-64; it draws the picture, too." };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "inpainting.png" };
var command = new RootCommand("Draws part of a picture anew.") { prompt, input, mask, strength, paste, SampleModel.Folder, SampleModel.Guidance, trained, seed, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    using DiffusionPipeline pipeline = SampleModel.Load(parsed);
    (int width, int height) = (pipeline.Defaults.Width, pipeline.Defaults.Height);
    Tensor<float> picture = parsed.GetValue(input) is { } path
        ? ImageTensors.Load(path, ImageFit.Exactly(width, height))
        : (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 }, cancellationToken: cancellationToken)).Images[0].Pixels;
    // Nearer than a latent's pixels, so that none of the background shares a latent with what is kept.
    Tensor<float> drawn = parsed.GetValue(mask) is { } maskPath ? ImageTensors.LoadMask(maskPath, width, height) : Mask.OfBackground(picture, edge: pipeline.LatentSpace.DownsamplingFactor - 1);

    var request = new InpaintingRequest(parsed.GetValue(prompt)!, picture, drawn) { Strength = parsed.GetValue(strength), PastesKnownPixels = parsed.GetValue(paste), Seed = parsed.GetValue(seed) };
    var repaint = new RePaintScheduler(SchedulerCatalog.ModelOf(pipeline).For<RePaintOptions>() with { Eta = 1, JumpLength = 5, JumpSamples = 5 });
    var strip = new List<Image<Rgb24>> { picture.ToImage(), Mask.ToImage(drawn) };
    async Task Draw(string name, DiffusionPipeline with)
    {
        GenerationResult result = await with.GenerateAsync(request, cancellationToken: cancellationToken);
        strip.Add(result.Images[0].ToImage());
        Console.WriteLine($"{name}: {result.Timings.Steps} steps, {result.Timings.Denoising.TotalSeconds:0.0} s");
    }

    await Draw($"{pipeline.Scheduler}", pipeline);
    using DiffusionPipeline repainting = pipeline.WithScheduler(repaint);
    await Draw($"{repaint}", repainting);
    if (parsed.GetValue(trained) is { } unet)
    {
        using DiffusionPipeline inpainting = pipeline.ToBuilder().UseNoisePredictor(new OnnxNoisePredictor(unet)).UseConditions(new MaskedPictureConditions()).Build();
        await Draw("inpainting model", inpainting);
    }

    using Image<Rgb24> sheet = ImageGrid.Create(strip, strip.Count, gap: 2);
    using Image<Rgb24> large = sheet.Upscale(3);
    large.Save(parsed.GetValue(output)!);
    strip.ForEach(frame => frame.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
