using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>A folder whose UNet has nine channels is an inpainting model.</summary>
public sealed class InpaintingFolderTests : IDisposable
{
    private const int Side = 16;
    private const int Latents = 4 * 8 * 8;
    private static readonly Tensor<float> Picture = Values.Tensor(0, 1, 3, Side, Side);
    private readonly ModelFolder _folder = new("optimum-float32");

    public InpaintingFolderTests()
    {
        _folder.Copy("predictors/concatenated.onnx", "unet/model.onnx");
        _folder.Edit("unet/config.json", config => config["in_channels"] = 9);
    }

    [Fact]
    public void Its_mask_and_the_rest_of_the_picture_come_from_the_request()
    {
        var mask = Tensor.CreateFromShape<float>([1, 1, Side, Side]);
        var kept = Tensor.Create(Picture.Values().ToArray(), Picture.Lengths);
        for (int i = 0; i < Side * Side; i++)
        {
            (int y, int x) = Math.DivRem(i, Side);
            if (x >= Side / 2)
            {
                mask[0, 0, y, x] = 1;
                (kept[0, 0, y, x], kept[0, 1, y, x], kept[0, 2, y, x]) = (0, 0, 0);
            }
        }

        using DiffusionPipeline inpainting = OnnxDiffusionPipeline.Load(_folder.Path);
        GenerationResult filled = inpainting.Generate(new InpaintingRequest("red", Picture, mask) { Seed = 3, Steps = 4 });

        // The same with channels that the caller puts together: the picture is encoded with the noise that follows the initial one.
        var noise = new TorchCpuNoise(3L);
        noise.Fill(new float[Latents]);
        var channels = new float[64 + Latents];
        for (int i = 0; i < 64; i++)
        {
            channels[i] = i % 8 < 4 ? 0 : 1;
        }

        inpainting.LatentEncoder!.Encode(kept, noise).Values().CopyTo(channels.AsSpan(64));
        var conditioning = Conditioning.Of((ConditionNames.Concatenated, Tensor.Create(channels, [1, 5, 8, 8])));
        GenerationResult byHand = inpainting.Generate(new TextToImageRequest("red") { Seed = 3, Steps = 4, Width = Side, Height = Side, Conditioning = conditioning });
        Assertions.SameBits(byHand.Images[0].Pixels.Values(), filled.Images[0].Pixels.Values());
    }

    [Fact]
    public void Without_an_encoder_requests_have_to_bring_the_channels_which_is_said()
    {
        _folder.Edit("model_index.json", index => index.Remove("vae_encoder"));
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Contains(log.Warnings, line => line.Contains("9 channels", StringComparison.Ordinal) && line.Contains("no vae_encoder", StringComparison.Ordinal));

        var conditioning = Conditioning.Of((ConditionNames.Concatenated, Tensor.CreateFromShape<float>([1, 5, 8, 8])));
        var request = new TextToImageRequest("red") { Steps = 2, Width = Side, Height = Side };
        Assert.Single(pipeline.Generate(request with { Conditioning = conditioning }).Images);
        Assert.Throws<ArgumentException>(() => pipeline.Generate(request)).Says("9 channels");
    }

    public void Dispose() => _folder.Dispose();
}
