using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.ImageSharp.Tests.Support;

/// <summary>Generated pictures, from real pipelines of pixels.</summary>
public static class Generated
{
    /// <summary>A picture of given pixels: a strength of 0 hands the initial picture through.</summary>
    public static GeneratedImage Of(Tensor<float> pixels) =>
        Run(new GenerationRequest { InitialImage = pixels, Strength = 0, Seed = 42, Steps = 20 }, (int)pixels.Lengths[1]);

    /// <summary>A gray picture from a prompt.</summary>
    public static GeneratedImage FromPrompt(string prompt, string negative = "") =>
        Run(new TextToImageRequest(prompt) { NegativePrompt = negative, Seed = 42, Steps = 20, GuidanceScale = 7, Width = 64, Height = 48 });

    public static GeneratedImage Run(GenerationRequest request, int channels = 3)
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(NoisePredictor.FromFunction((sample, _, _, prediction) => sample.CopyTo(prediction)))
            .UseTextEncoder(new NoText())
            .UseScheduler(new DdimScheduler())
            .UsePixelSpace(channels)
            .Build();
        return pipeline.Generate(request).Images[0];
    }

    /// <summary>Random pixels, a few outside of [-1, 1].</summary>
    public static Tensor<float> Pixels(int height, int width, int channels = 3)
    {
        var random = new Random(1);
        var values = new float[channels * height * width];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 2.2f) - 1.1f;
        }

        return Tensor.Create(values, [1, channels, height, width]);
    }

    private sealed class NoText : ITextEncoder
    {
        public IPromptSyntax? Syntax => null;

        public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken) =>
            new(Conditioning.None.With(ConditionNames.Context, Tensor.Create(new float[4 * prompts.Count], [prompts.Count, 2, 2])));
    }
}
