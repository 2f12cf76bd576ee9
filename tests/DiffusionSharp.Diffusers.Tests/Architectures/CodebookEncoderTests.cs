using System.Runtime.InteropServices;
using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>The encoder before a codebook gives what PyTorch, in double precision, makes of the same picture with the same weights (eng/fixtures/vq_encoder.py).</summary>
public sealed class CodebookEncoderTests
{
    // Of ours in float32.
    private const double Tolerance = 2e-5;

    [SharedWeightsTheory("ldmvq")]
    [InlineData("ldmvq")]
    public void It_gives_what_PyTorch_does(string model)
    {
        string folder = SharedWeights.Find(Path.Combine(model, "vqvae"))!;
        using InferenceSession session = VQModel.BuildEncoder(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)).Open(new SessionOptions());

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("sample", new DenseTensor<float>(Recorded(model, "picture"), [2, 3, 16, 24]))]);

        Tensor<float> latents = results[0].AsTensor<float>();
        Assert.Equal([2, 3, 8, 12], latents.Dimensions.ToArray());
        Assert.InRange(Numbers.RelativeDifference(Recorded(model, "encoded"), [.. latents]), 0, Tolerance);
    }

    private static float[] Recorded(string model, string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(SharedWeights.Find(Path.Combine(model, "expected"))!, $"{name}.f32"))).ToArray();
}
