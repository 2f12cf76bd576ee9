using System.Numerics.Tensors;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Snippets;

internal static class ExplainedSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("prediction", Prediction), ("noisy-and-clean", NoisyAndClean), ("seeds", Seeds)];

    private static async Task Prediction()
    {
        #region prediction
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        NoiseSchedule schedule = ((IDiscreteScheduler)pipeline.Scheduler!).Options.Schedule;
        var pictures = new List<Image<Rgb24>>();
        Tensor<float>? noisy = null;
        await foreach (DenoisingStep step in pipeline.StreamAsync(new TextToImageRequest("fruit") { Seed = 1 }))
        {
            if (step.Index is 2 or 8 or 14)
            {
                // x_t = sqrt(ᾱ)·x_0 + sqrt(1-ᾱ)·ε, solved for the noise that the network predicted
                float alphaBar = schedule.AlphaBar[(int)step.Timestep];
                Tensor<float> clean = step.PredictOriginal();
                Tensor<float> noise = Tensor.Divide(Tensor.Subtract<float>(noisy!, Tensor.Multiply<float>(clean, MathF.Sqrt(alphaBar))), MathF.Sqrt(1 - alphaBar));
                pictures.AddRange(FirstChannel(noisy!), FirstChannel(noise), FirstChannel(clean));
            }

            noisy = step.CopyLatents();
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: 3);
        sheet.SaveAsPng("prediction.png");
        #endregion
        pictures.ForEach(picture => picture.Dispose());
    }

    private static Image<Rgb24> FirstChannel(Tensor<float> latents)
    {
        int length = (int)(latents.Lengths[2] * latents.Lengths[3]);
        float[] values = latents.Values()[..length].ToArray();
        TensorPrimitives.Divide(values, 3, values);
        using Image<Rgb24> small = Tensor.Create(values, [1, 1, latents.Lengths[2], latents.Lengths[3]]).ToImage();
        return small.Upscale(8);
    }

    private static async Task NoisyAndClean()
    {
        #region noisy-and-clean
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var noisy = new List<GeneratedImage>();
        var clean = new List<GeneratedImage>();
        await foreach (DenoisingStep step in pipeline.StreamAsync(new TextToImageRequest("fruit") { Seed = 1 }))
        {
            if (step.Index % 3 == 0 || step.IsLast)
            {
                noisy.Add((await step.DecodeResultAsync()).Images[0]);
                clean.Add((await step.DecodePreviewAsync())[0]);
            }
        }

        using Image<Rgb24> sheet = ImageGrid.Create([.. noisy, .. clean], columns: noisy.Count);
        sheet.SaveAsPng("noisy-and-clean.png");
        #endregion
    }

    private static async Task Seeds()
    {
        #region seeds
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        var pictures = new List<GeneratedImage>();
        foreach (string prompt in (string[])["a red apple", "tree", "flower", "fruit"])
        {
            pictures.AddRange((await pipeline.GenerateAsync(new TextToImageRequest(prompt) { Count = 8, Seed = 1 })).Images);
        }

        using Image<Rgb24> sheet = ImageGrid.Create(pictures, columns: 8);
        sheet.SaveAsPng("seeds.png");
        #endregion
    }
}
