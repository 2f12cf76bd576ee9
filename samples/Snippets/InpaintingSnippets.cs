using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class InpaintingSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("inpainting", Inpainting), ("inpainting-repaint", RePaint), ("inpainting-model", Model), ("inpainting-by-hand", ByHand)];

    private static async Task Inpainting()
    {
        using DiffusionPipeline pipeline = await StartAsync(EmojiPipeline.Load());
        #region inpainting
        Tensor<float> picture = ImageTensors.Load("photo.png", ImageFit.ToMultipleOf(pipeline.SizeMultiple));
        Tensor<float> mask = ImageTensors.LoadMask("mask.png", (int)picture.Lengths[3], (int)picture.Lengths[2]);
        var request = new InpaintingRequest("a red apple on a blue background", picture, mask) { Seed = 1, PastesKnownPixels = true };
        GenerationResult result = await pipeline.GenerateAsync(request);
        result.Images[0].SaveAsPng("inpainted.png");
        #endregion
    }

    private static async Task RePaint()
    {
        using DiffusionPipeline pipeline = await StartAsync(EmojiPipeline.Load());
        Tensor<float> picture = ImageTensors.Load("photo.png", ImageFit.Exactly(128, 128));
        var request = new InpaintingRequest("a red apple on a blue background", picture, ImageTensors.LoadMask("mask.png", 128, 128)) { Seed = 1 };
        #region inpainting-repaint
        DiscreteSchedulerOptions trained = ((IDiscreteScheduler)pipeline.Scheduler!).Options;
        var repaint = new RePaintScheduler(trained.For<RePaintOptions>() with { Eta = 1, JumpLength = 5, JumpSamples = 5 });
        using DiffusionPipeline repainting = pipeline.WithScheduler(repaint);
        GenerationResult result = await repainting.GenerateAsync(request);
        Console.WriteLine($"{result.Images[0].Request.Steps} steps, {result.Timings.Steps} model calls for each of prompt and negative prompt");
        #endregion
    }

    private static async Task Model()
    {
        using DiffusionPipeline pipeline = await StartAsync(OnnxDiffusionPipeline.Load("companions/emoji-64"));
        Tensor<float> picture = ImageTensors.Load("photo.png", ImageFit.Exactly(64, 64));
        var request = new InpaintingRequest("a red apple on a blue background", picture, ImageTensors.LoadMask("mask.png", 64, 64)) { Seed = 1 };
        #region inpainting-model
        using DiffusionPipeline inpainting = pipeline.ToBuilder()
            .UseNoisePredictor(new OnnxNoisePredictor("companions/emoji-inpainting/unet/model.onnx"))
            .UseConditions(new MaskedPictureConditions())
            .Build();
        GenerationResult result = await inpainting.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("inpainted.png");
    }

    private static Task ByHand()
    {
        var shape = new SampleShape(1, 8, 16, 16);
        (float[] original, float[] mask, float[] noise) = (new float[shape.Length], new float[shape.Length], new float[shape.Length]);
        #region inpainting-by-hand
        var plan = new SamplingPlan(Steps: 30, shape) { KnownRegion = new KnownRegion(original, mask, noise) };
        IScheduler scheduler = new RePaintScheduler();
        ISchedulerRun steps = scheduler.Start(plan);
        if (!scheduler.KeepsKnownRegion)
        {
            steps = new KeepsKnown(steps, plan.KnownRegion);
        }
        #endregion
        Console.WriteLine($"{steps.CallCount} model calls");
        return Task.CompletedTask;
    }

    private static async Task<DiffusionPipeline> StartAsync(DiffusionPipeline pipeline)
    {
        (await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 })).Images[0].SaveAsPng("photo.png");
        (await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Seed = 1 })).Images[0].SaveAsPng("mask.png");
        return pipeline;
    }
}
