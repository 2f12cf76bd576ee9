using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>Generations on the embedded model that share its calls.</summary>
[Collection(EmojiCollection.Name)]
public class BatchingTests(EmojiModel model)
{
    [Fact]
    public void A_generation_alone_has_the_bits_that_it_has_without_batching()
    {
        using DiffusionPipeline batching = EmojiPipeline.Load(new OnnxPipelineOptions { Batching = new BatchingOptions() });
        var request = new TextToImageRequest("a taxi") { Seed = 3, Steps = 5, Count = 2 };
        GenerationResult expected = model.Pipeline.Generate(request);
        GenerationResult actual = batching.Generate(request);
        Assert.All(expected.Images.Zip(actual.Images), pair => Assert.Equal(pair.First.Pixels.Values().ToArray(), pair.Second.Pixels.Values().ToArray()));
    }

    [Fact]
    public async Task Generations_at_different_steps_share_calls_and_each_has_its_own_picture()
    {
        string path = Path.Combine(EmojiPipeline.ModelFolder, "unet", "model.onnx");
        using var batching = new BatchingNoisePredictor(new OnnxNoisePredictor(path), new BatchingOptions { MaxRows = 16, MaxWait = TimeSpan.FromMinutes(1) });
        using var together = new StartingTogether(batching, generations: 4);
        using DiffusionPipeline pipeline = model.Pipeline.ToBuilder().UseNoisePredictor(together).Build();
        TextToImageRequest[] requests =
        [
            new("a red heart") { Seed = 0, Steps = 4 },
            new("a taxi") { Seed = 1, Steps = 5, GuidanceScale = 1 },
            new("pig face") { Seed = 2, Steps = 6, Count = 2 },
            new("a cloud") { Seed = 3, Steps = 7, Width = 96 },
        ];
        GenerationResult[] results = await Task.WhenAll(requests.Select(request => pipeline.GenerateAsync(request)));

        // As many calls as the longest has steps, and those of another size, which go by themselves.
        Assert.Equal(4 + 5 + 6 + 7, batching.Statistics.Predictions);
        Assert.Equal(6 + 7, batching.Statistics.Calls);
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
        for (int i = 0; i < requests.Length; i++)
        {
            GenerationResult alone = model.Pipeline.Generate(requests[i]);
            Assert.All(alone.Images.Zip(results[i].Images), AssertSamePicture);
        }
    }

    // Kernels may sum in another order for another batch: 1e-3 is an eighth of what a byte of the picture resolves.
    private static void AssertSamePicture((GeneratedImage Expected, GeneratedImage Actual) pair) =>
        Assert.All(pair.Expected.Pixels.Values().ToArray().Zip(pair.Actual.Pixels.Values().ToArray()), values => Assert.Equal(values.First, values.Second, 1e-3f));

    /// <summary>Lets nobody go before all are there, so that how many calls are shared does not depend on how fast threads start.</summary>
    private sealed class StartingTogether(INoisePredictor predictor, int generations) : INoisePredictor, IDisposable
    {
        private readonly CountdownEvent _missing = new(generations);

        public int SizeMultiple => predictor.SizeMultiple;

        public IPredictionRun Start(PredictionPlan plan)
        {
            IPredictionRun run = predictor.Start(plan);
            _missing.Signal();
            _missing.Wait(plan.CancellationToken);
            return run;
        }

        public void Dispose() => _missing.Dispose();
    }
}
