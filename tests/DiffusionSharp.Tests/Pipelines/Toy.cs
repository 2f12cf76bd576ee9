using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A small text-to-image model that takes no file and no time.</summary>
internal static class Toy
{
    public static GenerationDefaults Defaults { get; } = new() { Width = 32, Height = 16, Steps = 6, GuidanceScale = 3 };

    public static DdimScheduler Ddim { get; } = new(new DdimOptions { Clipping = SampleClipping.None, PredictionType = PredictionType.Velocity });

    public static DdpmScheduler Ddpm { get; } = new(new DdpmOptions { Clipping = SampleClipping.Clamp(2), PredictionType = PredictionType.Velocity });

    /// <summary>All parts, with DDIM.</summary>
    public static DiffusionPipelineBuilder Builder(INoisePredictor? predictor = null, ToyTextEncoder? textEncoder = null, ToyAutoencoder? autoencoder = null)
    {
        autoencoder ??= new ToyAutoencoder();
        return DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(textEncoder ?? new ToyTextEncoder())
            .UseNoisePredictor(predictor ?? new RecordingPredictor(Predict))
            .UseLatentDecoder(autoencoder)
            .UseLatentEncoder(autoencoder)
            .UseScheduler(Ddim)
            .UseDefaults(Defaults);
    }

    /// <summary>All parts with another scheduler.</summary>
    public static DiffusionPipeline Pipeline(IScheduler? scheduler = null) => Builder().UseScheduler(scheduler ?? Ddim).Build();

    /// <summary>Only a model of pictures of 4 by 4 pixels, without text.</summary>
    public static DiffusionPipelineBuilder PixelBuilder(INoisePredictor predictor) => DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(predictor)
        .UsePixelSpace()
        .UseScheduler(Ddim)
        .UseDefaults(new GenerationDefaults { Width = 4, Height = 4, Steps = 5 });

    /// <summary>A picture with different values everywhere, in [-1, 1].</summary>
    public static Tensor<float> Picture(int height = 16, int width = 32) =>
        Tensor.Create([.. Enumerable.Range(0, 3 * height * width).Select(i => (float)Math.Sin(i * 0.37))], [1, 3, height, width]);

    /// <summary>The mask that draws the right half of <see cref="Picture"/> anew, and with it of its latents of 2 by 4.</summary>
    public static Tensor<float> RightHalf { get; } = Tensor.Create([.. Enumerable.Range(0, 16 * 32).Select(i => i % 32 < 16 ? 0f : 1)], [1, 1, 16, 32]);

    /// <summary>Depends on every value of the image, on the timestep and on the text, and on nothing of other images.</summary>
    public static void Predict(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        int image = plan.Shape.ImageLength;
        Tensor<float>? context = plan.Conditioning.Context;
        for (int b = 0; b < plan.Shape.Batch; b++)
        {
            ReadOnlySpan<float> text = context is null ? [] : context.Values().Slice(b * 6, 6);
            for (int i = 0; i < image; i++)
            {
                float x = sample[(b * image) + i];
                float neighbour = sample[(b * image) + ((i + 1) % image)];
                float word = text.IsEmpty ? 0 : text[i % text.Length];
                prediction[(b * image) + i] = (0.6f * x / (1 + Math.Abs(x))) + (0.2f * neighbour) + (0.3f * word) + (0.1f * (float)(timestep / 1000));
            }
        }
    }

    public static void AssertSamePixels(GeneratedImage expected, GeneratedImage actual) => Assert.Equal(expected.Pixels.Values(), actual.Pixels.Values());
}
