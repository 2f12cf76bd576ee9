using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>unCLIP (DALL-E 2) and Stable unCLIP: a prior over embeddings and what draws after them, loaded as one.</summary>
public sealed class UnclipTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Cascade>> Loaded = [];

    [CaseTheory("unclip")]
    [CaseRequests("unclip")]
    public Task ThreeStages(string model, string name, double tolerance) => SameThreeStages(Case.Load(model, name), Of(model), tolerance);

    [CaseTheory("unclip")]
    [CaseRequests("unclip")]
    public async Task ThreeStages_from_safetensors(string model, string name, double tolerance)
    {
        using Cascade cascade = await DiffusersCascade.LoadAsync(WeightFolders.MadeOf(model));
        await SameThreeStages(Case.Load(model, name), cascade, tolerance);
    }

    [CaseTheory("stableunclip")]
    [CaseRequests("stableunclip")]
    public Task StableUnclip(string model, string name, double tolerance) => SameStable(Case.Load(model, name), Of(model), tolerance);

    [CaseTheory("stableunclip")]
    [CaseRequests("stableunclip")]
    public async Task StableUnclip_from_safetensors(string model, string name, double tolerance)
    {
        using Cascade cascade = await DiffusersCascade.LoadAsync(WeightFolders.MadeOf(model));
        await SameStable(Case.Load(model, name), cascade, tolerance);
    }

    [CaseTheory("stableunclip")]
    [InlineData("stableunclip", "a red apple")]
    [InlineData("unclip", "a red apple")]
    public void TheStageThatDrawsTakesEmbeddingsOfAnyKind(string model, string prompt)
    {
        DiffusionPipeline decoder = Of(model).Pipelines[1];
        Tensor<float> a = Tensor.Create([.. Enumerable.Range(0, 32).Select(i => MathF.Sin(i))], [1, 32]);
        Tensor<float> b = Tensor.Create([.. Enumerable.Range(0, 32).Select(i => MathF.Cos(i * 0.7f))], [1, 32]);
        var request = new TextToImageRequest(prompt) { Steps = 3, Seed = 1, GuidanceScale = 2 };
        float[] Draw(Tensor<float> embedding) => decoder.Generate(request with { Parts = [new ImageEmbedding(embedding)] }).Latents.Values().ToArray();

        float[] between = Draw(ImageEmbedding.Between(a, b, 0.5));
        Assert.Equal(Draw(a), Draw(ImageEmbedding.Between(a, b, 0)));
        Assert.NotEqual(Draw(a), between);
        Assert.NotEqual(Draw(b), between);
        string message = Assert.Throws<ArgumentException>(() => Draw(Tensor.CreateFromShape<float>([1, 31]))).Message;
        Assert.Contains("[1, 31]", message, StringComparison.Ordinal);
        Assert.Contains("[1, 32]", message, StringComparison.Ordinal);
        Assert.Contains("ImageEmbedding", Assert.Throws<ArgumentException>(() => decoder.Generate(request)).Message, StringComparison.Ordinal);
    }

    [CaseTheory("unclip")]
    [InlineData("unclip")]
    public void FoldersOfOnePipelineAndOfSeveralAreToldApart(string model)
    {
        string message = Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(CaseFolders.Find(model)!)).Message;
        Assert.Contains("OnnxCascade", message, StringComparison.Ordinal);
        Assert.Contains("DiffusersCascade", Assert.Throws<ModelFormatException>(() => DiffusersPipeline.Load(WeightFolders.MadeOf(model))).Message, StringComparison.Ordinal);
        Assert.Contains("OnnxDiffusionPipeline", Assert.Throws<ModelFormatException>(() => OnnxCascade.Load(CaseFolders.Find("dit")!)).Message, StringComparison.Ordinal);
    }

    private static Cascade Of(string model) => Loaded.GetOrAdd(model, name => new(() => OnnxCascade.Load(CaseFolders.Find(name)!))).Value;

    private static async Task SameThreeStages(Case reference, Cascade cascade, double tolerance)
    {
        GenerationResult result = await cascade.GenerateAsync(Request(reference) with
        {
            Steps = reference.WholeNumber("decoder_num_inference_steps"),
            GuidanceScale = (float?)reference.Number("decoder_guidance_scale"),
        });
        Comparison.Same(reference.Recorded("intermediate", "image_embeddings")!, Embeddings(cascade, result), tolerance);
        Comparison.Same(reference, result, tolerance);
    }

    private static async Task SameStable(Case reference, Cascade cascade, double tolerance)
    {
        GenerationResult result = await cascade.GenerateAsync(Request(reference));
        Comparison.Same(reference.Recorded("intermediate", "image_embeds")!, Embeddings(cascade, result), tolerance);
        Comparison.Same(reference, result, tolerance);
    }

    private static Tensor<float> Embeddings(Cascade cascade, GenerationResult result) => ((EmbeddingSpace)cascade.Pipelines[0].LatentSpace).Embeddings(result.Stages[0].Latents);

    private static GenerationRequest Request(Case reference) => CaseRun.Filled(reference, new TextToImageRequest("")
    {
        Parts =
        [
            new UnclipSettings
            {
                PriorSteps = reference.WholeNumber("prior_num_inference_steps")!.Value,
                PriorGuidanceScale = (float)reference.Number("prior_guidance_scale")!.Value,
                NoiseLevel = reference.WholeNumber("noise_level"),
            },
            new UpscalerSettings { Steps = reference.WholeNumber("super_res_num_inference_steps") },
        ],
    });
}
