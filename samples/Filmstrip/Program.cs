// One picture that shows how a picture comes to be: what the model takes for the clean picture, from the first step to the last.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

var prompt = new Argument<string>("prompt") { Description = "What to draw.", DefaultValueFactory = _ => "a red apple" };
var frames = new Option<int>("--frames") { Description = "Pictures on the strip.", DefaultValueFactory = _ => 10 };
var steps = new Option<int?>("--steps") { Description = "Denoising steps; the model's own by default." };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "filmstrip.png" };
var command = new RootCommand("Shows a picture coming out of noise.") { prompt, frames, steps, seed, SampleModel.Folder, SampleModel.Guidance, output };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    ImageFiles.RequireWritable(parsed.GetValue(output)!);
    int wanted = parsed.GetValue(frames);
    if (wanted < 1)
    {
        throw new ArgumentException($"--frames must be at least 1, found {wanted}.");
    }

    using DiffusionPipeline pipeline = SampleModel.Load(parsed);
    var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Steps = parsed.GetValue(steps), Seed = parsed.GetValue(seed) };
    var strip = new List<Image<Rgb24>>();
    await foreach (DenoisingStep step in pipeline.StreamAsync(request, cancellationToken))
    {
        // Evenly spread over the steps, the last one included; a preview is decoded only where it is shown.
        if ((step.Index + 1) * wanted / step.Count > strip.Count)
        {
            GeneratedImage frame = step.IsLast ? (await step.DecodeResultAsync()).Images[0] : (await step.DecodePreviewAsync())[0];
            strip.Add(frame.ToImage());
        }
    }

    using Image<Rgb24> picture = ImageGrid.Create(strip, strip.Count);
    picture.Save(parsed.GetValue(output)!);
    strip.ForEach(frame => frame.Dispose());
    SampleApp.ReportFile(parsed.GetValue(output)!);
});
