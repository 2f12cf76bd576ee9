using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Stable Diffusion's upscalers: four times over noised pixels, twice over latents.</summary>
public sealed class UpscalerTests
{
    [CaseTheory("sdx4upscaler")]
    [CaseRequests("sdx4upscaler")]
    public void FourTimes(string model, string name, double tolerance) => Same(model, name, tolerance);

    [CaseTheory("sdx2latentupscaler")]
    [CaseRequests("sdx2latentupscaler")]
    public void TwiceOverLatents(string model, string name, double tolerance) => Same(model, name, tolerance);

    private static void Same(string model, string name, double tolerance)
    {
        Case reference = Case.Load(model, name);
        Tensor<float>? latents = reference.Recorded("inputs", "image_latents");
        var small = new LowResolution(latents ?? reference.Recorded("intermediate", "preprocessed")!) { IsLatent = latents is not null, NoiseLevel = reference.WholeNumber("noise_level") };
        GenerationRequest request = CaseRun.Filled(reference, new TextToImageRequest("") { Parts = [small] });
        Comparison.Same(reference, CaseRun.Pipeline(reference.Folder).Generate(request), tolerance);
    }
}
