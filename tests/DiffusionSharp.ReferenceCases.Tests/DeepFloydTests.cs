using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>DeepFloyd IF: T5, pixels with a learned variance and dynamic thresholding, super-resolution.</summary>
public sealed class DeepFloydTests
{
    [CaseTheory("if_stage1")]
    [CaseRequests("if_stage1")]
    public void FirstStage(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(First(reference)), tolerance);
    }

    [CaseTheory("if_stage1")]
    [CaseRequests("if_stage1")]
    public void FirstStage_from_safetensors(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Comparison.Same(reference, pipeline.Generate(First(reference)), tolerance);
    }

    [CaseTheory("if_stage2")]
    [CaseRequests("if_stage2")]
    public void SecondStage(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(Second(reference)), tolerance);
    }

    [CaseTheory("if_stage2")]
    [CaseRequests("if_stage2")]
    public void SecondStage_from_safetensors(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Comparison.Same(reference, pipeline.Generate(Second(reference)), tolerance);
    }

    [CaseTheory("if_stage2")]
    [InlineData("a red apple")]
    public async Task BothFoldersAsOneCascade(string prompt)
    {
        (string firstFolder, string secondFolder) = (CaseFolders.Find("if_stage1")!, CaseFolders.Find("if_stage2")!);
        using Cascade cascade = await OnnxCascade.LoadAsync([firstFolder, secondFolder]);
        GenerationResult both = await cascade.GenerateAsync(Asked(prompt, new UpscalerSettings { Steps = 5, GuidanceScale = 4, NoiseLevel = 100 }));

        // By hand: the second stage draws where the first one has left the streams of noise.
        INoiseSource[] streams = [new TorchCpuNoise(3), new TorchCpuNoise(4)];
        using DiffusionPipeline small = CaseRun.Pipeline(firstFolder).ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        using DiffusionPipeline large = CaseRun.Pipeline(secondFolder).ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        Tensor<float> pictures = small.Generate(Asked(prompt)).Latents;
        GenerationResult expected = large.Generate(Asked(prompt, new LowResolution(pictures) { NoiseLevel = 100 }) with { GuidanceScale = 4 });

        Assert.Equal([2, 3, 16, 16], both.Stages[0].Latents.Lengths);
        Assert.Equal([2, 3, 32, 32], both.Latents.Lengths);
        Assert.Equal(expected.Latents.Values().ToArray(), both.Latents.Values().ToArray());
        Assert.Equal((32, 32), (cascade.Defaults.Width, cascade.Defaults.Height));
    }

    [CaseTheory("if_stage2")]
    [InlineData("a red apple")]
    public async Task BothFoldersOfSafetensorsAsOneCascade(string prompt)
    {
        GenerationRequest request = Asked(prompt, new UpscalerSettings { Steps = 5, GuidanceScale = 4, NoiseLevel = 100 });
        using Cascade exported = OnnxCascade.Load([CaseFolders.Find("if_stage1")!, CaseFolders.Find("if_stage2")!]);
        using Cascade published = await DiffusersCascade.LoadAsync([WeightFolders.MadeOf("if_stage1"), WeightFolders.MadeOf("if_stage2")]);
        Comparison.Same((await exported.GenerateAsync(request)).Latents, (await published.GenerateAsync(request)).Latents, 1e-3);
    }

    [CaseTheory("if_stage2")]
    [InlineData("if_stage1", 100, 7)]
    [InlineData("if_stage2", 50, 4)]
    public void WhatARequestLeavesOutIsDiffusers(string stage, int steps, float guidanceScale)
    {
        DiffusionPipeline pipeline = CaseRun.Pipeline(CaseFolders.Find(stage)!);
        Assert.Equal((steps, guidanceScale), (pipeline.Defaults.Steps, pipeline.Defaults.GuidanceScale));
    }

    [CaseTheory("if_stage2")]
    [InlineData("a red apple")]
    public async Task WhatALaterStageWouldRefuseIsRefusedBeforeTheFirst(string prompt)
    {
        using Cascade cascade = OnnxCascade.Load([CaseFolders.Find("if_stage1")!, CaseFolders.Find("if_stage2")!]);
        var progress = new Progress<GenerationProgress>(_ => Assert.Fail("A step was taken."));
        var level = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cascade.GenerateAsync(Asked(prompt, new UpscalerSettings { NoiseLevel = 1000 }), progress));
        Assert.Contains("UpscalerSettings.NoiseLevel", level.Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 999", level.Message, StringComparison.Ordinal);
        var side = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cascade.GenerateAsync(Asked(prompt) with { Width = 33 }, progress));
        Assert.Equal("Width", side.ParamName);
    }

    [CaseTheory("if_stage2")]
    [InlineData("if_stage1")]
    public void AFolderThatEnlargesNothingIsRefusedBehindAnother(string second)
    {
        string message = Assert.Throws<ModelFormatException>(() => OnnxCascade.Load([CaseFolders.Find("if_stage1")!, CaseFolders.Find(second)!])).Message;
        Assert.Contains("IFPipeline does not enlarge", message, StringComparison.Ordinal);
    }

    private static TextToImageRequest Asked(string prompt, params IRequestPart[] parts) => new(prompt) { Steps = 5, Seeds = [3, 4], Count = 2, Parts = parts };

    private static GenerationRequest First(Case reference) => CaseRun.Filled(reference, new TextToImageRequest("")) with { Timesteps = reference.Timesteps("timesteps_argument") };

    private static GenerationRequest Second(Case reference) =>
        CaseRun.Filled(reference, new TextToImageRequest("") { Parts = [new LowResolution(reference.Picture("image")) { NoiseLevel = reference.WholeNumber("noise_level") }] });
}
