using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Serialization;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Snippets;

internal static class PipelineSnippets
{
    public static (string, Func<Task>)[] All { get; } =
    [
        ("request", Request), ("per-picture", PerPicture), ("cascade", CascadeOfTwo), ("hires-fix", HiresFix), ("result", Result), ("repeat", Repeat), ("save-request", SaveRequest), ("own-json", OwnJson), ("checkpoint", Checkpoint), ("progress", Progress), ("stream", Stream),
        ("cancel", Cancel), ("concurrent", Concurrent), ("with-scheduler", WithScheduler), ("errors", Errors),
    ];

    private static async Task Request()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region request
        var request = new TextToImageRequest("a house on a teal background")
        {
            NegativePrompt = "a tree",
            Steps = 25,
            GuidanceScale = 4,
            Seed = 7,
            Count = 4,
            Width = 128,
            Height = 128,
        };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        result.Images[0].SaveAsPng("request.png");
    }

    private static async Task PerPicture()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region per-picture
        var request = new TextToImageRequest("a red apple")
        {
            Count = 3,
            Prompts = ["a red apple", "a red heart", "a house"],
            GuidanceScales = [2, 4, 8],
            Seed = 1,
        };
        GenerationResult result = await pipeline.GenerateAsync(request);
        #endregion
        Console.WriteLine(string.Join(", ", result.Images.Select(image => ((TextToImageRequest)image.Request).Prompt)));
    }

    private static async Task CascadeOfTwo()
    {
        using DiffusionPipeline @base = EmojiPipeline.Load();
        using DiffusionPipeline refiner = EmojiPipeline.Load();
        #region cascade
        Cascade cascade = Cascade
            .Start(@base, request => request with { Range = new ScheduleRange(0, 0.8), Decodes = false })
            .Then(refiner, state => state.Request with { Range = new ScheduleRange(0.8, 1), InitialLatents = state.Result.Latents });
        GenerationResult result = await cascade.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #endregion
        GenerationResult whole = await @base.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        Console.WriteLine($"{string.Join(" and ", result.Stages.Select(stage => stage.Timings.Steps))} steps; as of one piece: {result.Latents.Values().SequenceEqual(whole.Latents.Values())}");
    }

    private static async Task HiresFix()
    {
        using DiffusionPipeline pipeline = Setup.SmallEmoji();
        #region hires-fix
        Cascade hires = Cascade
            .Start(pipeline, request => request with { Decodes = false })
            .Then(pipeline, state => state.Request with
            {
                Width = 128,
                Height = 128,
                InitialLatents = state.Result.Latents.Resize(height: 32, width: 32, Resampling.Bicubic),
                Strength = 0.5,
            });
        GenerationResult result = await hires.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        #endregion
        #region hires-fix-pixels
        Cascade byPixels = Cascade
            .Start(pipeline)
            .Then(pipeline, state => state.Request with { InitialImage = state.Result.Images[0].Pixels.Resize(128, 128, Resampling.Bicubic), Strength = 0.5 });
        #endregion
        GenerationResult other = await byPixels.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
        GenerationResult atOnce = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Width = 128, Height = 128, Seed = 1 });
        using Image<Rgb24> before = other.Stages[0].Images[0].ToImage();
        using Image<Rgb24> fromLatents = result.Images[0].ToImage();
        using Image<Rgb24> fromPixels = other.Images[0].ToImage();
        using Image<Rgb24> large = atOnce.Images[0].ToImage();
        using Image<Rgb24> sheet = ImageGrid.Create([before.Upscale(2), fromLatents, fromPixels, large], columns: 4);
        sheet.SaveAsPng("hires-fix.png");
    }

    private static async Task Result()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region result
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Count = 2, Seed = 7 });

        foreach (GeneratedImage image in result.Images)
        {
            Console.WriteLine($"seed {image.Seed}, {image.SchedulerName}, {image.Request.Steps} steps, shape {image.Pixels.ShapeText()}");
        }

        foreach (string warning in result.Warnings)
        {
            Console.Error.WriteLine(warning);
        }

        GenerationTimings timings = result.Timings;
        Console.WriteLine($"encoding {timings.Encoding}, denoising {timings.Denoising}, decoding {timings.Decoding}");
        #endregion
    }

    private static async Task SaveRequest()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region save-request
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Steps = 20 });
        File.WriteAllText("heart.json", GenerationRequestJson.Default.Serialize(result.Request));

        // In another process, another year, with another scheduler in the pipeline:
        GenerationRequest request = GenerationRequestJson.Default.Deserialize(File.ReadAllText("heart.json"));
        GenerationResult again = await pipeline.GenerateAsync(request);
        #endregion
        Console.WriteLine($"equal: {again.Images[0].Pixels.Values().SequenceEqual(result.Images[0].Pixels.Values())}");
    }

    private static Task OwnJson()
    {
        Tensor<float> map = Tensor.Create([0f, 1f], [1, 1, 1, 2]);
        #region own-json
        GenerationRequestJson json = GenerationRequestJson.Default.WithPart<DepthMap>(MyTypes.Default);
        string text = json.Serialize(new TextToImageRequest("a house") { Parts = [new DepthMap(map)] });
        #endregion
        Console.WriteLine(text);
        return Task.CompletedTask;
    }

    private static async Task Repeat()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region repeat
        GenerationResult four = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Count = 4 });
        GenerationResult third = await pipeline.GenerateAsync(four.Images[2].Request);
        #endregion
        float difference = 0;
        for (int i = 0; i < third.Images[0].Pixels.Values().Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(third.Images[0].Pixels.Values()[i] - four.Images[2].Pixels.Values()[i]));
        }

        Console.WriteLine($"largest difference {difference}");
    }

    private static async Task Checkpoint()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region checkpoint
        await foreach (DenoisingStep step in pipeline.StreamAsync(new TextToImageRequest("a red heart") { Steps = 20, Seed = 1 }))
        {
            using (FileStream written = File.Create("heart.checkpoint.new"))
            {
                step.SaveCheckpoint(written);
            }

            // So that there is a whole one whenever the process dies.
            File.Move("heart.checkpoint.new", "heart.checkpoint", overwrite: true);
            if (step.Index == 9)
            {
                break;
            }
        }

        // In another process:
        using FileStream saved = File.OpenRead("heart.checkpoint");
        await foreach (DenoisingStep step in pipeline.ResumeAsync(saved))
        {
            if (step.IsLast)
            {
                (await step.DecodeResultAsync()).Images[0].SaveAsPng("heart.png");
            }
        }

        #endregion
    }

    private static async Task Progress()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var request = new TextToImageRequest("a red heart") { Steps = 4 };
        #region progress
        var progress = new Progress<GenerationProgress>(p => Console.WriteLine($"{p.Step}/{p.Count} ({p.Fraction:P0}), timestep {p.Timestep}"));
        GenerationResult result = await pipeline.GenerateAsync(request, progress);
        #endregion
        result.Images[0].SaveAsPng("progress.png");
    }

    private static async Task Stream()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var request = new TextToImageRequest("a red heart") { Steps = 12 };
        CancellationToken cancellationToken = default;
        #region stream
        await foreach (DenoisingStep step in pipeline.StreamAsync(request, cancellationToken))
        {
            if (step.IsLast)
            {
                GenerationResult result = await step.DecodeResultAsync();
                result.Images[0].SaveAsPng("heart.png");
            }
            else if (step.Index % 5 == 0)
            {
                IReadOnlyList<GeneratedImage> preview = await step.DecodePreviewAsync();
                preview[0].SaveAsPng($"preview-{step.Index}.png");
            }
        }
        #endregion
    }

    private static async Task Cancel()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var request = new TextToImageRequest("a red heart") { Steps = 500 };
        #region cancel
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await pipeline.GenerateAsync(request, cancellationToken: timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopped; nothing is left behind.");
        }
        #endregion
    }

    private static async Task Concurrent()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region concurrent
        string[] prompts = ["a red apple", "a red heart", "a house"];
        GenerationResult[] results = await Task.WhenAll(prompts.Select(prompt =>
            pipeline.GenerateAsync(new TextToImageRequest(prompt) { Seed = 1, Steps = 20 })));
        #endregion
        Console.WriteLine(results.Length);
    }

    private static async Task WithScheduler()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region with-scheduler
        var trained = (IDiscreteScheduler)pipeline.Scheduler!;
        using DiffusionPipeline ancestral = pipeline.WithScheduler(new DdpmScheduler(trained.Options.For<DdpmOptions>()));
        GenerationResult result = await ancestral.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 100, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("ddpm.png");
    }

    private static async Task Errors()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region errors
        try
        {
            await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Width = 50 });
        }
        catch (ArgumentException e)
        {
            Console.WriteLine(e.Message);
        }
        #endregion
    }
}

#region own-json
/// <summary>How far everything is, <c>[1, 1, H, W]</c>.</summary>
internal sealed record DepthMap(Tensor<float> Values) : IRequestPart;

[JsonSerializable(typeof(DepthMap))]
internal sealed partial class MyTypes : JsonSerializerContext;
#endregion
