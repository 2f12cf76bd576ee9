using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>T5 with a mask reads what the mask leaves as though there were nothing else.</summary>
public sealed class TextMaskTests
{
    private const double Tolerance = 1e-5;

    [SharedWeightsTheory("flux/text_encoder_2")]
    [InlineData(5, 12)]
    [InlineData(12, 12)]
    public void Tokens_behind_the_mask_change_nothing(int counted, int length)
    {
        long[] ids = [.. Enumerable.Range(0, length).Select(i => (long)((i * 7) % 190))];

        float[] expected = Run(takesMask: false, ids[..counted], counted);
        float[] found = Run(takesMask: true, ids, counted)[..expected.Length];

        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, Tolerance);
    }

    private static float[] Run(bool takesMask, long[] ids, int counted)
    {
        string folder = SharedWeights.Find("flux/text_encoder_2")!;
        using InferenceSession session = T5EncoderModel.Build(Checkpoint.Open(folder, "model", null), NetworkConfig.Load(folder), takesMask).Open(new SessionOptions());
        List<NamedOnnxValue> inputs = [NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(ids, [1, ids.Length]))];
        if (takesMask)
        {
            inputs.Add(NamedOnnxValue.CreateFromTensor("attention_mask", new DenseTensor<long>(ids.Select((_, i) => i < counted ? 1L : 0).ToArray(), [1, ids.Length])));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        return [.. results[0].AsTensor<float>()];
    }
}
