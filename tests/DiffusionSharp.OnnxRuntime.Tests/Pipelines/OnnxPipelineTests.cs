using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.OnnxRuntime.Tests.Pipelines;

/// <summary>What a pipeline promises of its parts holds for models in ONNX files.</summary>
public class OnnxPipelineTests
{
    private static readonly GenerationRequest Request = new() { Steps = 4, Seed = 1, Width = 8, Height = 8 };

    [Fact]
    public async Task Generations_beside_each_other_give_the_bits_of_those_one_after_another()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        TextToImageRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => new TextToImageRequest(i % 2 == 0 ? "red" : "blue") { Seed = i, Steps = 5 + i, Count = 1 + (i % 3) })];
        GenerationResult[] together = await Task.WhenAll(requests.Select(request => pipeline.GenerateAsync(request)));
        for (int i = 0; i < requests.Length; i++)
        {
            GenerationResult alone = pipeline.Generate(requests[i]);
            for (int image = 0; image < alone.Images.Count; image++)
            {
                Assertions.SameBits(alone.Images[image].Pixels.Values(), together[i].Images[image].Pixels.Values());
            }
        }
    }

    [Fact]
    public void A_generation_outlives_the_disposal_of_its_pipeline_and_then_the_models_are_released()
    {
        OnnxNoisePredictor predictor = Fixture.Predictor("other-names");
        DiffusionPipeline pipeline = Build(predictor);
        GenerationResult undisturbed = pipeline.Generate(Request);
        GenerationResult disturbed = pipeline.Generate(Request, new DuringStep(2, pipeline.Dispose));

        Assertions.SameBits(undisturbed.Images[0].Pixels.Values(), disturbed.Images[0].Pixels.Values());
        Assert.Throws<ObjectDisposedException>(() => pipeline.Generate(Request));
        Assert.Throws<ObjectDisposedException>(() => predictor.Start(Plans.WithoutConditions()));
    }

    [Fact]
    public async Task Cancelling_stops_inside_a_model_call()
    {
        // The model counts to 10^12, so only cancellation ends it; see CancellationTests.
        OnnxNoisePredictor predictor = Fixture.Predictor("endless");
        using DiffusionPipeline pipeline = Build(predictor);
        using var cancellation = new CancellationTokenSource();
        Task<GenerationResult> running = pipeline.GenerateAsync(Request, cancellationToken: cancellation.Token);
        await Task.Delay(200);
        Assert.False(running.IsCompleted);

        // Disposed in the middle, the pipeline waits for the generation before it releases the model.
        pipeline.Dispose();
        using (predictor.Start(Plans.WithoutConditions()))
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Throws<ObjectDisposedException>(() => predictor.Start(Plans.WithoutConditions()));
    }

    [Fact]
    public async Task Cancelling_stops_a_stream_inside_a_model_call()
    {
        using DiffusionPipeline pipeline = Build(Fixture.Predictor("endless"));
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<DenoisingStep> steps = pipeline.StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        ValueTask<bool> first = steps.MoveNextAsync();
        await Task.Delay(200);
        Assert.False(first.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
    }

    [Fact]
    public void A_model_that_gives_no_numbers_is_stopped_at_the_step_that_shows_it()
    {
        using DiffusionPipeline pipeline = Build(Fixture.Predictor("not-finite"));
        var error = Assert.Throws<NonFiniteSampleException>(() => pipeline.Generate(Request));
        Assert.Equal((1, 750), (error.Step, error.Timestep));
    }

    [Fact]
    public void A_model_exported_for_one_picture_says_so_when_more_are_asked_for()
    {
        using DiffusionPipeline pipeline = Build(Fixture.Predictor("fixed-shape"));
        pipeline.Generate(Request);
        var error = Assert.Throws<ArgumentException>(() => pipeline.Generate(Request with { Count = 2 }));
        error.Says("fixed-shape.onnx", "batch of 1", "needs 2");
    }

    [Fact]
    public void Classes_are_drawn_and_guided_by_label()
    {
        using DiffusionPipeline pipeline = Build(Fixture.Predictor("class-labels"));
        var request = Request with { ClassLabel = 8, GuidanceScale = 3, NegativeConditioning = Conditioning.Of((ConditionNames.ClassLabels, System.Numerics.Tensors.Tensor.Create<float>([2], [1]))) };
        GenerationResult result = pipeline.Generate(request);

        // A label adds a quarter of itself to the prediction.
        var byHand = new SamplingByHand { SetAlphaToOne = true, PredictionError = 1e-6, Conditional = 2, Unconditional = 0.5, Guidance = 3 };
        (double[] expected, double tolerance) = byHand.Run(SamplingByHand.Noise(4 * 8 * 8, 1), steps: 4);
        Assertions.Near(expected, result.Latents.Values(), tolerance);
    }

    private static DiffusionPipeline Build(OnnxNoisePredictor predictor) => DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(predictor)
        .UsePixelSpace(4)
        .UseScheduler(new DdimScheduler(new DdimOptions { Schedule = NoiseSchedule.ScaledLinear(), Clipping = SampleClipping.None }))
        .Build();

    /// <summary>Does something in the middle of a generation.</summary>
    private sealed class DuringStep(int step, Action action) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            if (value.Step == step)
            {
                action();
            }
        }
    }
}
