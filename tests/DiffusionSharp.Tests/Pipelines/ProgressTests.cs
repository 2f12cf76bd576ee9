using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>What a caller learns of a generation while it runs and after it.</summary>
public class ProgressTests
{
    [Fact]
    public void Every_step_is_reported_once_done()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var progress = new ProgressList();
        pipeline.Generate(new TextToImageRequest("a cat") { Steps = 4 }, progress);
        Assert.Equal([new(1, 4, 750), new(2, 4, 500), new(3, 4, 250), new(4, 4, 0)], progress.Reports);
        Assert.Equal([0.25, 0.5, 0.75, 1], progress.Reports.Select(r => r.Fraction));
    }

    [Fact]
    public void A_picture_to_start_from_leaves_fewer_steps_to_report()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var progress = new ProgressList();
        pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Steps = 4, Strength = 0.5 }, progress);
        Assert.Equal([new(1, 2, 250), new(2, 2, 0)], progress.Reports);
    }

    [Theory]
    [InlineData(1f, 5)]
    [InlineData(4f, 10)]
    public void The_result_counts_steps_and_evaluations(float scale, int evaluations)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        GenerationTimings timings = pipeline.Generate(new TextToImageRequest("a cat") { Steps = 5, GuidanceScale = scale, Count = 3 }).Timings;
        Assert.Equal(5, timings.Steps);
        Assert.Equal(evaluations, timings.EvaluationsPerImage);
        Assert.Equal(timings.Encoding + timings.Denoising + timings.Decoding, timings.Total);
    }

    [Fact]
    public async Task An_asynchronous_generation_does_not_hold_up_its_caller()
    {
        // The model waits for what the caller does only after the call has returned.
        using var returned = new ManualResetEventSlim();
        var predictor = new RecordingPredictor(Toy.Predict) { BeforePrediction = returned.Wait };
        using DiffusionPipeline pipeline = Toy.Builder(predictor).Build();
        Task<GenerationResult> generation = pipeline.GenerateAsync(new TextToImageRequest("a cat"));
        returned.Set();
        Assert.Single((await generation).Images);
    }
}
