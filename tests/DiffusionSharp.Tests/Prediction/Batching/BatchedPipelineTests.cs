using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>A pipeline whose generations share their calls.</summary>
public class BatchedPipelineTests
{
    [Fact]
    public async Task Generations_beside_each_other_give_the_bits_of_those_one_after_another()
    {
        // Of this model every row is computed by itself, so its bits do not depend on the others.
        TextToImageRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => new TextToImageRequest($"cat {i}") { Seed = i, Steps = 5 + (i % 2), GuidanceScale = 1 + (i % 3), Count = 1 + (i % 2) })];
        using DiffusionPipeline plain = Toy.Builder(NoisePredictor.FromFunction(Toy.Predict)).Build();
        var batching = new BatchingNoisePredictor(NoisePredictor.FromFunction(Toy.Predict), new BatchingOptions { MaxRows = 16 });
        using DiffusionPipeline pipeline = Toy.Builder(batching).Build();
        GenerationResult[] together = await Task.WhenAll(requests.Select(request => pipeline.GenerateAsync(request)));
        for (int i = 0; i < requests.Length; i++)
        {
            GenerationResult alone = plain.Generate(requests[i]);
            Assert.Equal(alone.Images.Count, together[i].Images.Count);
            Assert.All(alone.Images.Zip(together[i].Images), pair => Toy.AssertSamePixels(pair.First, pair.Second));
        }
    }

    [Fact]
    public void Disposing_the_pipeline_disposes_the_model_behind_the_batches()
    {
        var model = new RowPredictor();
        Toy.Builder(new BatchingNoisePredictor(model)).Build().Dispose();
        Assert.Equal(1, model.Disposals);
    }

    [Fact]
    public async Task After_its_last_step_a_generation_is_not_waited_for()
    {
        var batching = new BatchingNoisePredictor(new RowPredictor(), Generations.Patient);
        using DiffusionPipeline pipeline = Toy.Builder(batching).Build();
        await using IAsyncEnumerator<DenoisingStep> one = pipeline.StreamAsync(new TextToImageRequest("a cat") { Steps = 1 }).GetAsyncEnumerator();
        Assert.True(await one.MoveNextAsync());
        Assert.True(one.Current.IsLast);
        await pipeline.GenerateAsync(new TextToImageRequest("a dog") { Steps = 1 });
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
        Assert.Single((await one.Current.DecodeResultAsync()).Images);
    }
}
