using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>Each network over published weights gives what the genuine one does, exported to ONNX by other code from the same weights.</summary>
public sealed class ExportedGraphTests
{
    // Both are float32 with other orders of sums, which through a whole decoder makes 2e-5 of its deviation.
    private const double Tolerance = 5e-5;

    // Times are multiplied by 1000 and become angles, whose last bits the two round differently.
    private const double FluxTolerance = 1e-4;

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd1sharded", "sd1")]
    [InlineData("sd1inpaint", "sd1inpaint")]
    [InlineData("sd2", "sd2")]
    [InlineData("sdxl", "sdxl")]
    [InlineData("lcm", "lcm")]
    public void UNets(string model, string exported)
    {
        string folder = Folder(model, "unet");
        var settings = UNetSettings.Read(NetworkConfig.Load(folder));

        double difference = GraphComparison.Difference(
            UNet2DConditionModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(exported, "unet"),
            name => name switch
            {
                "sample" => [2, settings.InChannels, 8, 16],
                "timestep" => [],
                "timestep_cond" => [2, 32],
                "encoder_hidden_states" => [2, 77, settings.ContextChannels],
                "text_embeds" => [2, 48],
                "time_ids" => [2, 6],
                _ => throw new NotSupportedException($"The input {name}."),
            });

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd3", "sd3")]
    public void Decoders(string model, string exported)
    {
        string folder = Folder(model, "vae");
        var settings = AutoencoderSettings.Read(NetworkConfig.Load(folder));

        double difference = GraphComparison.Difference(
            AutoencoderKL.BuildDecoder(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(exported, "vae_decoder"),
            _ => [2, settings.LatentChannels, 8, 10]);

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "sd1")]
    [InlineData("sd1odd", "sd1")]
    [InlineData("sd3", "sd3")]
    public void Encoders(string model, string exported)
    {
        string folder = Folder(model, "vae");

        double difference = GraphComparison.Difference(
            AutoencoderKL.BuildEncoder(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(exported, "vae_encoder"),
            _ => [2, 3, 64, 48]);

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("sd1", "text_encoder", "sd1", false)]
    [InlineData("sd1odd", "text_encoder", "sd1", false)]
    [InlineData("sd1sharded", "text_encoder", "sd1", false)]
    [InlineData("sd2", "text_encoder", "sd2", false)]
    [InlineData("sdxl", "text_encoder", "sdxl", false)]
    [InlineData("sdxl", "text_encoder_2", "sdxl", true)]
    [InlineData("sd3", "text_encoder", "sd3", true)]
    public void Clip(string model, string component, string exported, bool withProjection)
    {
        string folder = Folder(model, component);

        double difference = GraphComparison.Difference(
            ClipTextModel.Build(Checkpoint.Open(folder, "model", null), NetworkConfig.Load(folder), withProjection),
            SharedWeights.Onnx(exported, component),
            _ => [2, 77],
            largestId: 1814);

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("flux/text_encoder_2")]
    [InlineData("flux", "text_encoder_2")]
    public void T5(string model, string component)
    {
        string folder = Folder(model, component);

        double difference = GraphComparison.Difference(
            T5EncoderModel.Build(Checkpoint.Open(folder, "model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(model, component),
            _ => [2, 150],
            largestId: 200);

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("controlnet")]
    public void ControlNets(string model)
    {
        string folder = Folder(model, "controlnet");

        double difference = GraphComparison.Difference(
            ControlNetModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(model, "controlnet"),
            name => name switch
            {
                "sample" => [2, 4, 8, 16],
                "encoder_hidden_states" => [2, 77, 32],
                "controlnet_cond" => [2, 3, 64, 128],
                _ => [],
            });

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd1odd")]
    [InlineData("controlnet")]
    public void UNets_with_the_residuals_of_a_ControlNet(string model)
    {
        string folder = Folder(model, "unet");

        double difference = GraphComparison.Difference(
            UNet2DConditionModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder), takesResiduals: true),
            SharedWeights.Onnx(model, "unet"),
            name => name switch
            {
                "sample" => [2, 4, 8, 16],
                "encoder_hidden_states" => [2, 77, 32],
                "down_block_additional_residuals.0" or "down_block_additional_residuals.1" => [2, 16, 8, 16],
                "down_block_additional_residuals.2" => [2, 16, 4, 8],
                "down_block_additional_residuals.3" or "mid_block_additional_residual" => [2, 32, 4, 8],
                _ => [],
            });

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("sd3/transformer")]
    [InlineData("sd3")]
    public void SD3(string model)
    {
        string folder = Folder(model, "transformer");

        double difference = GraphComparison.Difference(
            SD3Transformer2DModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(model, "transformer"),
            name => name switch
            {
                "hidden_states" => [2, 16, 8, 12],
                "encoder_hidden_states" => [2, 90, 96],
                "pooled_projections" => [2, 80],
                _ => [2],
            });

        Assert.InRange(difference, 0, Tolerance);
    }

    [SharedWeightsTheory("flux/transformer")]
    [InlineData("flux")]
    public void Flux(string model) => SameFlux(model);

    [SharedWeightsTheory("fluxschnell")]
    [InlineData("fluxschnell")]
    public void Flux_without_a_guidance_scale(string model) => SameFlux(model);

    [SharedWeightsTheory("pixart/transformer")]
    [InlineData("pixart")]
    public void PixArt(string model)
    {
        string folder = Folder(model, "transformer");

        double difference = GraphComparison.Difference(
            PixArtTransformer2DModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(model, "transformer"),
            name => name switch
            {
                "hidden_states" => [2, 4, 8, 12],
                "encoder_hidden_states" => [2, 20, 32],
                "encoder_attention_mask" => [2, 20],
                "resolution" => [2, 2],
                "aspect_ratio" => [2, 1],
                _ => [2],
            },
            largestId: 2);

        Assert.InRange(difference, 0, Tolerance);
    }

    [Theory]
    [InlineData("movq", false)]
    [InlineData("ldm", true)]
    public void Decoders_over_a_codebook(string model, bool quantizes)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "vq", model);

        double difference = GraphComparison.Difference(
            VQModel.BuildDecoder(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder), quantizes),
            Path.Combine(folder, "model.onnx"),
            _ => [2, 4, 8, 10]);

        Assert.InRange(difference, 0, Tolerance);
    }

    private static void SameFlux(string model)
    {
        string folder = Folder(model, "transformer");

        double difference = GraphComparison.Difference(
            FluxTransformer2DModel.Build(Checkpoint.Open(folder, "diffusion_pytorch_model", null), NetworkConfig.Load(folder)),
            SharedWeights.Onnx(model, "transformer"),
            name => name switch
            {
                "hidden_states" => [2, 12, 64],
                "encoder_hidden_states" => [2, 20, 32],
                "pooled_projections" => [2, 32],
                "txt_ids" => [20, 3],
                "img_ids" => [12, 3],
                _ => [2],
            },
            largestId: 16,
            time: 0.431f);

        Assert.InRange(difference, 0, FluxTolerance);
    }

    private static string Folder(string model, string component) => SharedWeights.Find(Path.Combine(model, component))!;
}
