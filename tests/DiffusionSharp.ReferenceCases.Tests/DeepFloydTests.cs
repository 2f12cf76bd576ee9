using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// DeepFloyd IF: T5, pixels with a learned variance and dynamic thresholding, super-resolution. The genuine pipeline itself differs by 1.8e-4 when its networks
/// run on ONNX Runtime instead of PyTorch.
/// </summary>
public sealed class DeepFloydTests
{
    [CaseTheory("if_stage1")]
    [CaseRequests("if_stage1", Tolerance = 4e-4)]
    public void FirstStage(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        GenerationRequest request = CaseRun.Filled(reference, new TextToImageRequest(""));
        request = request with { Timesteps = reference.Timesteps("timesteps_argument") };
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(request), tolerance);
    }

    [CaseTheory("if_stage2")]
    [CaseRequests("if_stage2", Tolerance = 4e-4)]
    public void SecondStage(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        var small = new LowResolution(reference.Picture("image")) { NoiseLevel = reference.WholeNumber("noise_level") };
        GenerationRequest request = CaseRun.Filled(reference, new TextToImageRequest("") { Parts = [small] });
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(request), tolerance);
    }

    [CaseTheory("if_stage2")]
    [InlineData("a red apple")]
    public async Task BothStagesAsOne(string prompt)
    {
        DiffusionPipeline first = CaseRun.Pipeline(CaseFolders.Find("if_stage1")!);
        DiffusionPipeline second = CaseRun.Pipeline(CaseFolders.Find("if_stage2")!);
        var request = new TextToImageRequest(prompt) { Steps = 5, Seeds = [3, 4], Count = 2 };
        CascadeResult both = await Cascade.Start(first)
            .Then(second, state => state.Request with { Parts = [new LowResolution(state.Result.Latents)], GuidanceScale = 4 })
            .GenerateAsync(request);

        // By hand: the second stage draws where the first one has left the streams of noise.
        INoiseSource[] streams = [new TorchCpuNoise(3), new TorchCpuNoise(4)];
        using DiffusionPipeline small = first.ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        using DiffusionPipeline large = second.ToBuilder().UseGenerationNoise(_ => new GenerationNoise(streams)).Build();
        Tensor<float> pictures = small.Generate(request).Latents;
        GenerationResult expected = large.Generate(request with { Parts = [new LowResolution(pictures)], GuidanceScale = 4 });

        Assert.Equal([2, 3, 16, 16], both.Stages[0].Latents.Lengths);
        Assert.Equal([2, 3, 32, 32], both.Result.Latents.Lengths);
        Assert.Equal(expected.Latents.Values().ToArray(), both.Result.Latents.Values().ToArray());
    }
}
