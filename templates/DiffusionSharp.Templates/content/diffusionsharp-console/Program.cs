using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;

string prompt = args.Length > 0 ? string.Join(' ', args) : "a red apple";

// Ctrl+C stops the generation, also inside a step.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// The embedded model. One of your own: OnnxDiffusionPipeline.Load("models/my-model"), of the namespace DiffusionSharp.OnnxRuntime.
using DiffusionPipeline pipeline = EmojiPipeline.Load();
try
{
    await foreach (DenoisingStep step in pipeline.StreamAsync(new TextToImageRequest(prompt), stop.Token))
    {
        Console.WriteLine($"step {step.Index + 1} of {step.Count}");
        if (step.IsLast)
        {
            GenerationResult result = await step.DecodeResultAsync();
            result.Images[0].SaveAsPng("picture.png");
            Console.WriteLine($"picture.png: '{prompt}', seed {result.Images[0].Seed}");
        }
    }

    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 1;
}
