using System.Numerics.Tensors;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// Ways from a picture, and few steps, of which no genuine pipeline's answers are recorded: what follows from their definitions. A flow-matching sample at
/// noise level σ is (1 - σ)·x_0 + σ·ε, and begins at σ = 1.
/// </summary>
public sealed class FromPictureTests
{
    private const int Side = 64;
    private const int Steps = 5;

    // The encoder's posterior draws first; from there the noise is that of text-to-image.
    [CaseTheory("flux")]
    [InlineData("flux")]
    [InlineData("sd3")]
    public void AtStrength1NothingIsLeftOfAPicture(string model)
    {
        DiffusionPipeline pipeline = CaseRun.Pipeline(CaseFolders.Find(model)!);
        GenerationResult drawn = pipeline.Generate(Request(new ImageToImageRequest("a red apple", Picture())) with { Strength = 1 });
        Assert.Equal(Steps, drawn.Timings.Steps);
        Assert.Equal(FromNoise(pipeline).Latents.ToArray(), drawn.Latents.ToArray());
    }

    // diffusers leaves out the first n - n·s steps, rounded down: of 5 at 0.5 the first two.
    [CaseTheory("flux")]
    [InlineData("flux")]
    [InlineData("sd3")]
    public void APictureBeginsAtTheNoiseLevelOfItsFirstStep(string model)
    {
        DiffusionPipeline pipeline = CaseRun.Pipeline(CaseFolders.Find(model)!);
        GenerationRequest request = Request(new ImageToImageRequest("a red apple", Picture())) with { Strength = 0.5 };
        GenerationResult drawn = pipeline.Generate(request);
        Assert.Equal(Steps - 2, drawn.Timings.Steps);

        var noise = new TorchCpuNoise(3);
        float[] sample = pipeline.LatentEncoder!.Encode(Picture(), noise).ToArray();
        var epsilon = new float[sample.Length];
        noise.Fill(epsilon);
        ISchedulerRun run = pipeline.Scheduler!.Start(new SamplingPlan(Steps, pipeline.LatentSpace.ShapeOf(request, 1)));
        (double sigma, double begin) = (run.LevelAt(2).Sigma, 1 - ((run.LevelAt(2).Timestep + 1) / 1000));
        float[] noisy = [.. sample.Zip(epsilon, (x, e) => (float)(((1 - sigma) * x) + (sigma * e)))];
        GenerationRequest rest = Request(new TextToImageRequest("a red apple")) with { InitialLatents = Tensor.Create(noisy, drawn.Latents.Lengths), Range = new ScheduleRange(begin, 1), Width = null, Height = null };
        GenerationResult expected = pipeline.Generate(rest);
        Assert.Equal(Steps - 2, expected.Timings.Steps);
        Comparison.Same(expected.Latents, drawn.Latents, 1e-5);
    }

    [CaseTheory("flux")]
    [InlineData("flux")]
    [InlineData("sd3")]
    public void WhatAMaskKeepsEndsAsItWas(string model)
    {
        DiffusionPipeline pipeline = CaseRun.Pipeline(CaseFolders.Find(model)!);
        float[] picture = pipeline.LatentEncoder!.Encode(Picture(), new TorchCpuNoise(3)).ToArray();
        Assert.Equal(picture, Inpainted(pipeline, drawnColumns: 0));
        Assert.Equal(FromNoise(pipeline).Latents.ToArray(), Inpainted(pipeline, drawnColumns: Side));

        float[] half = Inpainted(pipeline, drawnColumns: Side / 2);
        int width = Side / pipeline.LatentSpace.DownsamplingFactor;
        for (int i = 0; i < half.Length; i++)
        {
            bool isKept = i % width >= width / 2;
            Assert.Equal(isKept, half[i] == picture[i]);
        }
    }

    // Turbo: a step from the largest noise level to none is the prediction of the picture, x_0 = x - σ·ε; without guidance one prediction is made of it.
    [CaseTheory("sdxl")]
    [InlineData(0f)]
    [InlineData(1f)]
    public async Task OneStepIsThePredictedPicture(float scale)
    {
        DiffusionPipeline loaded = CaseRun.Pipeline(CaseFolders.Find("sdxl")!);
        var trailing = new EulerScheduler(((EulerScheduler)loaded.Scheduler!).Options with { TimestepSpacing = TimestepSpacing.Trailing });
        GenerationRequest request = Request(new TextToImageRequest("a red apple")) with { Steps = 1, GuidanceScale = scale, Scheduler = trailing };
        GenerationResult drawn = loaded.Generate(request);
        Assert.Equal((1, 1), (drawn.Timings.Steps, drawn.Timings.EvaluationsPerImage));
        Assert.Contains("negative prompt", Assert.Single(loaded.Generate((TextToImageRequest)request with { NegativePrompt = "blue" }).Warnings), StringComparison.Ordinal);
        await foreach (DenoisingStep step in loaded.StreamAsync(request))
        {
            Assert.Equal(999, step.Timestep);
            Comparison.Same(drawn.Latents, step.PredictOriginal(), 1e-5);
        }
    }

    private static GenerationResult FromNoise(DiffusionPipeline pipeline)
    {
        int drawn = pipeline.LatentSpace.ShapeOf(Request(new TextToImageRequest("")), 1).Length;
        using DiffusionPipeline later = pipeline.ToBuilder().UseNoise(seed => Behind(seed, drawn)).LeavePartsOpen().Build();
        return later.Generate(Request(new TextToImageRequest("a red apple")));
    }

    private static TorchCpuNoise Behind(long seed, int drawn)
    {
        var noise = new TorchCpuNoise(seed);
        noise.Fill(new float[drawn]);
        return noise;
    }

    private static float[] Inpainted(DiffusionPipeline pipeline, int drawnColumns)
    {
        Tensor<float> mask = Tensor.Create([.. Enumerable.Range(0, Side * Side).Select(i => i % Side < drawnColumns ? 1f : 0)], [1, 1, Side, Side]);
        return pipeline.Generate(Request(new InpaintingRequest("a red apple", Picture(), mask))).Latents.ToArray();
    }

    private static GenerationRequest Request(GenerationRequest request) => request with { Seed = 3, Steps = Steps, Width = Side, Height = Side, GuidanceScale = 3.5f, Decodes = false };

    private static Tensor<float> Picture() => Tensor.Create([.. Enumerable.Range(0, 3 * Side * Side).Select(i => MathF.Sin(i * 0.37f))], [1, 3, Side, Side]);
}
