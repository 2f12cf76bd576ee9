using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>A folder that draws and one that enlarges, whose size follows from the first one's picture or latents, are what both are one after the other.</summary>
public sealed class FolderCascadeTests
{
    [CaseTheory("sdx4upscaler")]
    [InlineData("sdx4upscaler", 4, 20)]
    public Task TheUpscalerOfPictures(string upscaler, int times, int level) =>
        SameAsByHand(upscaler, times, level, small => LowResolution.FromResult(small) with { NoiseLevel = level });

    [CaseTheory("sdx2latentupscaler")]
    [InlineData("sdx2latentupscaler", 2)]
    public Task TheUpscalerOfLatents(string upscaler, int times) =>
        SameAsByHand(upscaler, times, null, small => new LowResolution(small.Latents) { IsLatent = true });

    private static async Task SameAsByHand(string upscaler, int times, int? level, Func<GenerationResult, LowResolution> shown)
    {
        (string firstFolder, string secondFolder) = (CaseFolders.Find("sd1")!, CaseFolders.Find(upscaler)!);
        INoiseSource[] streams = [new TorchCpuNoise(3), new TorchCpuNoise(4)];
        using DiffusionPipeline small = CaseRun.Pipeline(firstFolder).ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        using DiffusionPipeline large = CaseRun.Pipeline(secondFolder).ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        (int width, int height) = (small.Defaults.Width, 2 * small.Defaults.Height);
        TextToImageRequest request = new("a red apple") { Steps = 3, Seeds = [3, 4], Count = 2, GuidanceScale = 2 };
        GenerationResult first = small.Generate(request with { Width = width, Height = height });
        GenerationResult expected = large.Generate(request with { Parts = [shown(first)] });

        using Cascade cascade = OnnxCascade.Load([firstFolder, secondFolder]);
        GenerationResult both = await cascade.GenerateAsync(request with
        {
            Width = times * width,
            Height = times * height,
            Parts = [new UpscalerSettings { Steps = 3, GuidanceScale = 2, NoiseLevel = level }],
        });
        Assert.Equal([1, 3, times * height, times * width], both.Images[0].Pixels.Lengths);
        Assert.Equal(expected.Latents.Values().ToArray(), both.Latents.Values().ToArray());
        Assert.Equal((times * small.Defaults.Width, times * small.Defaults.Height), (cascade.Defaults.Width, cascade.Defaults.Height));
        Assert.Equal(0, cascade.SizeMultiple % (times * small.SizeMultiple));
    }
}
