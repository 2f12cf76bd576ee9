using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The first latent diffusion models: prompts, with a KL autoencoder and with a codebook, and super-resolution.</summary>
public sealed class LatentDiffusionTests
{
    [CaseTheory("ldmtext")]
    [CaseRequests("ldmtext")]
    [CaseRequests("ldmtextvq")]
    public void OfPrompts(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, CaseRun.Pipeline(reference.Folder), new TextToImageRequest(""), tolerance);
    }

    [CaseTheory("ldmtext")]
    [CaseRequests("ldmtext")]
    public void OfPrompts_from_safetensors(string model, string name, double tolerance)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(WeightFolders.MadeOf(model));
        Same(Case.Load(model, name), pipeline, new TextToImageRequest(""), tolerance);
    }

    [CaseTheory("ldmtextvq")]
    [InlineData("ldmvq_10")]
    public void LatentsThatAreDecodedWithoutTheCodebook(string name)
    {
        Case reference = Case.Load("ldmtextvq", name);
        LatentSpace space = CaseRun.Pipeline(reference.Folder).LatentSpace;
        using var decoder = new OnnxLatentDecoder(reference.FileAt("vae_decoder_force_not_quantize/model.onnx"), space);
        Tensor<float> pictures = decoder.Decode(reference.Recorded("expected", "latents")!, DecodingContext.None);
        float[] shown = [.. pictures.Values().ToArray().Select(value => Math.Clamp((value / 2) + 0.5f, 0, 1))];
        Comparison.Same(reference.Recorded("intermediate", "image_force_not_quantize")!, Tensor.Create(shown, pictures.Lengths), tolerance: 1e-4);
    }

    [CaseTheory("ldmsr")]
    [CaseRequests("ldmsr")]
    public void SuperResolution(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Same(reference, CaseRun.Pipeline(reference.Folder), new GenerationRequest { Parts = [new LowResolution(reference.Recorded("intermediate", "preprocessed")!)] }, tolerance);
    }

    // The steps of these pipelines draw from PyTorch's global generator.
    private static void Same(Case reference, DiffusionPipeline pipeline, GenerationRequest request, double tolerance)
    {
        request = request with { Parts = [.. request.Parts, .. reference.WholeNumber("global_seed") is { } seed ? (ReadOnlySpan<IRequestPart>)[new StepNoise(seed)] : []] };
        Comparison.Same(reference, pipeline.Generate(CaseRun.Filled(reference, request)), tolerance);
    }
}
