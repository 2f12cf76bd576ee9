using System.Numerics.Tensors;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Watching a generation step by step.</summary>
public class StreamingTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Count = 2 };

    [Fact]
    public async Task Steps_come_in_order_with_their_timesteps()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        ISchedulerRun run = Toy.Ddim.Start(new SamplingPlan(6, new SampleShape(1, 1, 1, 1)));
        int index = 0;
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            Assert.Equal(index, step.Index);
            Assert.Equal(6, step.Count);
            Assert.Equal(run.LevelAt(index).Timestep, step.Timestep);
            Assert.Equal(index == 5, step.IsLast);
            index++;
        }

        Assert.Equal(6, index);
    }

    [Fact]
    public async Task The_last_step_decodes_to_the_result()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        GenerationResult expected = pipeline.Generate(Request);
        GenerationResult? streamed = null;
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            streamed = step.IsLast ? await step.DecodeResultAsync() : null;
        }

        Assert.NotNull(streamed);
        Assert.Equal(expected.Latents.Values(), streamed.Latents.Values());
        Assert.Equal(2, streamed.Images.Count);
        Toy.AssertSamePixels(expected.Images[0], streamed.Images[0]);
        Toy.AssertSamePixels(expected.Images[1], streamed.Images[1]);
        Assert.Equal(expected.Timings.Steps, streamed.Timings.Steps);
        Assert.Equal(expected.Timings.EvaluationsPerImage, streamed.Timings.EvaluationsPerImage);
    }

    [Fact]
    public async Task Previews_show_the_predicted_original_and_not_the_noisy_sample()
    {
        // A model that predicts x_0, and says 0.1 more in each step.
        int calls = 0;
        INoisePredictor predictor = NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Fill(0.1f * ++calls));
        using DiffusionPipeline pipeline = Toy.PixelBuilder(predictor)
            .UseScheduler(new DdimScheduler(new DdimOptions { PredictionType = PredictionType.Sample }))
            .Build();
        await foreach (DenoisingStep step in pipeline.StreamAsync(new GenerationRequest { Seed = 1 }))
        {
            float[] original = [.. Enumerable.Repeat(0.1f * (step.Index + 1), 48)];
            Assert.Equal(original, step.PredictOriginal().Values());
            Assert.Equal(original, Assert.Single(await step.DecodePreviewAsync()).Pixels.Values().ToArray());
            if (!step.IsLast)
            {
                Assert.NotEqual(original, step.CopyLatents().Values().ToArray());
            }
        }
    }

    [Fact]
    public async Task A_preview_belongs_to_the_sample_that_the_step_began_with()
    {
        // Where a model takes nothing for noise, x_0 is x_t/sqrt(ᾱ_t): with x_t, and not with the sample after the step.
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Clear()))
            .UseScheduler(new DdimScheduler(new DdimOptions { Clipping = SampleClipping.None, Eta = 1 }))
            .Build();
        var begin = new float[48];
        new TorchCpuNoise(1L).Fill(begin);
        await foreach (DenoisingStep step in pipeline.StreamAsync(new GenerationRequest { Seed = 1 }))
        {
            double signal = Math.Sqrt(NoiseSchedule.Linear().AlphaBar[(int)step.Timestep]);
            float[] original = step.PredictOriginal().Values().ToArray();

            // Three roundings: of the root's inverse, of its product, and of the float that begins.
            Assert.All(begin.Zip(original), pair => Assert.Equal(pair.First / signal, pair.Second, 3 * Approximate.Roundoff * Math.Abs(pair.First / signal)));
            begin = step.CopyLatents().Values().ToArray();
        }
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        GenerationResult expected = pipeline.Generate(Request);
        Tensor<float>? latents = null;
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            await step.DecodePreviewAsync();
            step.PredictOriginal();
            await step.DecodeResultAsync();
            latents = step.CopyLatents();

            // What was handed out belongs to the caller.
            latents[0, 0, 0, 0] = float.NaN;
            latents = step.CopyLatents();
        }

        Assert.Equal(expected.Latents.Values(), latents!.Values());
    }

    [Fact]
    public async Task A_step_that_is_over_says_so()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        DenoisingStep previous = default;
        AssertOver(previous);
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            if (step.Index > 0)
            {
                AssertOver(previous);
            }

            previous = step;
        }

        AssertOver(previous);
    }

    [Fact]
    public async Task Leaving_early_ends_the_prediction_run_and_keeps_the_pipeline()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).Build();
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            Assert.Equal(1, predictor.RunningRuns);
            if (step.Index == 1)
            {
                break;
            }
        }

        Assert.Equal(0, predictor.RunningRuns);
        Assert.Equal(2, predictor.Predictions);
        pipeline.Generate(Request);
        Assert.Equal(0, predictor.RunningRuns);
    }

    [Fact]
    public async Task Nothing_runs_before_it_is_asked_for()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).Build();
        IAsyncEnumerable<DenoisingStep> steps = pipeline.StreamAsync(Request);
        Assert.Empty(predictor.Plans);
        await using IAsyncEnumerator<DenoisingStep> enumerator = steps.GetAsyncEnumerator();
        Assert.True(await enumerator.MoveNextAsync());
        Assert.Equal(1, predictor.Predictions);
    }

    [Fact]
    public async Task A_stream_can_be_enumerated_again()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        IAsyncEnumerable<DenoisingStep> steps = pipeline.StreamAsync(Request);
        var ends = new List<float[]>();
        for (int i = 0; i < 2; i++)
        {
            await foreach (DenoisingStep step in steps)
            {
                if (step.IsLast)
                {
                    ends.Add(step.CopyLatents().Values().ToArray());
                }
            }
        }

        Assert.Equal(ends[0], ends[1]);
    }

    [Fact]
    public async Task A_generation_without_steps_hands_out_its_result_in_one_that_was_not_taken()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var request = new ImageToImageRequest("a cat", Toy.Picture()) { Strength = 0, Seed = 3 };
        var results = new List<GenerationResult>();
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            Assert.Equal((-1, 0, 0.0, true), (step.Index, step.Count, step.Timestep, step.IsLast));
            Assert.Equal(step.CopyLatents().Values(), step.PredictOriginal().Values());
            Toy.AssertSamePixels((await step.DecodeResultAsync()).Images[0], (await step.DecodePreviewAsync())[0]);
            results.Add(await step.DecodeResultAsync());
        }

        Toy.AssertSamePixels(pipeline.Generate(request).Images[0], Assert.Single(results).Images[0]);
    }

    private static void AssertOver(DenoisingStep step)
    {
        Assert.Throws<InvalidOperationException>(() => step.CopyLatents());
        Assert.Throws<InvalidOperationException>(() => step.PredictOriginal());
        Assert.Throws<InvalidOperationException>(() => { _ = step.DecodePreviewAsync(); });
        Assert.Contains("This step is over", Assert.Throws<InvalidOperationException>(() => { _ = step.DecodeResultAsync(); }).Message, StringComparison.Ordinal);
    }
}
