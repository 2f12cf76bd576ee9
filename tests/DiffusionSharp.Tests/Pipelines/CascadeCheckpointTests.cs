using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Cascades that are stopped in any step of any stage, and go on.</summary>
public class CascadeCheckpointTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Count = 2, Steps = 4 };

    [Fact]
    public async Task From_every_step_of_every_stage_the_results_are_the_same()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        Cascade cascade = Three(pipeline);
        GenerationResult expected = await cascade.GenerateAsync(Request);
        List<(int Stage, byte[] Bytes)> checkpoints = await Checkpoints(cascade, Request);
        Assert.Equal([0, 0, 0, 0, 1, 1, 2, 2, 2, 2], checkpoints.Select(checkpoint => checkpoint.Stage));

        foreach ((int stage, byte[] bytes) in checkpoints)
        {
            // Equal parts that know nothing of the ones before.
            using DiffusionPipeline other = Toy.Pipeline(Toy.Ddpm);
            GenerationResult? last = null;
            await foreach (DenoisingStep step in Three(other).ResumeAsync(new MemoryStream(bytes)))
            {
                Assert.True(step.Stage >= stage);
                last = step.IsLast ? await step.DecodeResultAsync() : null;
            }

            Assert.Equal(expected.Latents.Values().ToArray(), last!.Latents.Values().ToArray());
            Assert.All(expected.Images.Zip(last.Images), pair => Toy.AssertSamePixels(pair.First, pair.Second));
        }
    }

    [Fact]
    public async Task Later_stages_see_the_results_of_those_before_the_stop()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        GenerationResult? seen = null;
        Cascade watched = Cascade.Start(pipeline).Then(pipeline, state => state.Request).Then(pipeline, state =>
        {
            seen = state.Results[0];
            return state.Request;
        });
        List<(int Stage, byte[] Bytes)> checkpoints = await Checkpoints(watched, Request);
        GenerationResult before = seen!;
        seen = null;
        await foreach (DenoisingStep step in watched.ResumeAsync(new MemoryStream(checkpoints[5].Bytes)))
        {
            Assert.True(step.Stage >= 1);
        }

        Assert.Equal(before.Latents.Values().ToArray(), seen!.Latents.Values().ToArray());
        Assert.Equal(before.Images.Select(image => image.Seed), seen.Images.Select(image => image.Seed));
        Assert.All(before.Images.Zip(seen.Images), pair => Toy.AssertSamePixels(pair.First, pair.Second));
        Assert.Equal((before.Timings, before.Request.Steps), (seen.Timings, seen.Request.Steps));
    }

    [Fact]
    public async Task Streams_that_were_split_go_on_where_they_stood()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => state.Request with { Count = 1 }, noise => new GenerationNoise([noise.Pictures[1]]));
        GenerationResult expected = await cascade.GenerateAsync(Request);
        GenerationResult? last = null;
        await foreach (DenoisingStep step in cascade.ResumeAsync(new MemoryStream((await Checkpoints(cascade, Request))[6].Bytes)))
        {
            last = step.IsLast ? await step.DecodeResultAsync() : null;
        }

        Assert.Equal(expected.Latents.Values().ToArray(), last!.Latents.Values().ToArray());
    }

    [Fact]
    public async Task The_front_is_the_same_in_every_step_of_a_stage()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        List<(int Stage, byte[] Bytes)> checkpoints = await Checkpoints(Three(pipeline), Request);
        Assert.All(
            checkpoints.GroupBy(checkpoint => checkpoint.Stage),
            stage => Assert.Single(stage.Select(checkpoint => CheckpointFront.Of(checkpoint.Bytes).Hash).Distinct()));
        Assert.Equal(3, checkpoints.Select(checkpoint => CheckpointFront.Of(checkpoint.Bytes).Hash).Distinct().Count());
    }

    [Fact]
    public async Task What_is_of_another_cascade_or_of_none_is_refused_with_words()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        byte[] ofCascade = (await Checkpoints(Three(pipeline), Request))[0].Bytes;
        Assert.Contains("a stage of a cascade", Assert.Throws<CheckpointException>(() => { _ = pipeline.ResumeAsync(new MemoryStream(ofCascade)); }).Message, StringComparison.Ordinal);
        Assert.Contains("3 stages, and this one has 1", Assert.Throws<CheckpointException>(() => { _ = Cascade.Start(pipeline).ResumeAsync(new MemoryStream(ofCascade)); }).Message, StringComparison.Ordinal);
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            var alone = new MemoryStream();
            step.SaveCheckpoint(alone);
            alone.Position = 0;
            Assert.Contains("a pipeline alone", Assert.Throws<CheckpointException>(() => { _ = Three(pipeline).ResumeAsync(alone); }).Message, StringComparison.Ordinal);
            break;
        }
    }

    private static Cascade Three(DiffusionPipeline pipeline) => Cascade.Start(pipeline)
        .Then(pipeline, state => new ImageToImageRequest("a dog", state.Result.Images[0].Pixels) { Count = 2, Strength = 0.5, Steps = 4, Seed = 5 })
        .Then(pipeline, state => state.Request);

    private static async Task<List<(int Stage, byte[] Bytes)>> Checkpoints(Cascade cascade, GenerationRequest request)
    {
        var checkpoints = new List<(int, byte[])>();
        await foreach (DenoisingStep step in cascade.StreamAsync(request))
        {
            var stream = new MemoryStream();
            step.SaveCheckpoint(stream);
            checkpoints.Add((step.Stage, stream.ToArray()));
        }

        return checkpoints;
    }
}
