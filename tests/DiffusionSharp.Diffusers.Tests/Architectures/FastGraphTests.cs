using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Lora;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>The graphs for known sizes give what those for all sizes do, which are compared with genuine ones.</summary>
public sealed class FastGraphTests : IDisposable
{
    // Of a standard deviation, as the root of the mean square; both are float32.
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedWeightsTheory("sd1/unet")]
    [InlineData(2, 24, 32)]
    [InlineData(1, 40, 24)]
    [InlineData(3, 26, 26)]
    public void UNets_of_any_batch_and_size(int rows, int height, int width) => SameUNet("sd1", rows, height, width);

    [SharedWeightsTheory("sd2")]
    [InlineData("sd2")]
    [InlineData("sdxl")]
    [InlineData("lcm")]
    [InlineData("sd1inpaint")]
    public void UNets_of_any_kind(string model) => SameUNet(model, 2, 24, 32);

    [SharedWeightsTheory("controlnet")]
    [InlineData("controlnet")]
    public void UNets_with_the_residuals_of_a_ControlNet(string model) => SameUNet(model, 2, 24, 32, takesResiduals: true);

    [SharedWeightsTheory("sd1/vae")]
    [InlineData("sd1", 8, 8)]
    [InlineData("sd1", 32, 20)]
    [InlineData("sd1", 64, 40)]
    public void Decoders(string model, int height, int width)
    {
        string folder = SharedWeights.Find(Path.Combine(model, "vae"))!;
        Checkpoint checkpoint = Open(folder);
        var settings = AutoencoderSettings.Read(NetworkConfig.Load(folder));
        int[] shape = [1, settings.LatentChannels, height, width];

        WinogradCache cache = Cache();
        ModelSource? fast = FastDecoder.Build(checkpoint, NetworkConfig.Load(folder), [1, settings.LatentChannels, height, width], cache);
        cache.MakeMissing(CancellationToken.None);

        Assert.InRange(GraphComparison.RootMeanSquare(fast!, AutoencoderKL.BuildDecoder(checkpoint, NetworkConfig.Load(folder)), _ => shape), 0, Tolerance);
    }

    [SharedWeightsTheory("sd1/unet")]
    [InlineData("sd1")]
    public void Weights_that_a_LoRA_changes(string model)
    {
        string folder = SharedWeights.Find(Path.Combine(model, "unet"))!;
        const string Conv = "down_blocks.0.resnets.0.conv1";
        Checkpoint checkpoint = Open(folder);
        long[] shape = [.. checkpoint.Tensors[$"{Conv}.weight"].Shape];
        string path = _folder.File("lora.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(
            Matrix.Random(2, (int)(shape[1] * 9), seed: 1).Written($"unet.{Conv}.lora_A.weight", 2, shape[1], 3, 3),
            Matrix.Random((int)shape[0], 2, seed: 2).Written($"unet.{Conv}.lora_B.weight", shape[0], 2, 1, 1)));
        checkpoint = LoraAdapters.Apply([new LoraFile(path)], new Dictionary<string, Checkpoint> { ["unet"] = checkpoint })["unet"];

        SameUNet(checkpoint, folder, 2, 24, 24);
    }

    [SharedWeightsTheory("sd1/unet")]
    [InlineData("sd1")]
    public void Sizes_without_whole_pixels_on_every_level_have_no_graph(string model)
    {
        string folder = SharedWeights.Find(Path.Combine(model, "unet"))!;

        Assert.Null(UNet2DConditionModel.BuildFast(Open(folder), NetworkConfig.Load(folder), false, [2, 4, 25, 32], Cache()));
        Assert.Null(FastDecoder.Build(Open(SharedWeights.Find(Path.Combine(model, "vae"))!), NetworkConfig.Load(SharedWeights.Find(Path.Combine(model, "vae"))!), [1, 4, 10, 8], Cache()));
    }

    private void SameUNet(string model, int rows, int height, int width, bool takesResiduals = false)
    {
        string folder = SharedWeights.Find(Path.Combine(model, "unet"))!;
        SameUNet(Open(folder), folder, rows, height, width, takesResiduals);
    }

    private void SameUNet(Checkpoint checkpoint, string folder, int rows, int height, int width, bool takesResiduals = false)
    {
        var settings = UNetSettings.Read(NetworkConfig.Load(folder));

        WinogradCache cache = Cache();
        ModelSource? fast = UNet2DConditionModel.BuildFast(checkpoint, NetworkConfig.Load(folder), takesResiduals, [rows, settings.InChannels, height, width], cache);
        cache.MakeMissing(CancellationToken.None);

        double difference = GraphComparison.RootMeanSquare(
            fast!,
            UNet2DConditionModel.Build(checkpoint, NetworkConfig.Load(folder), takesResiduals),
            name => name switch
            {
                "sample" => [rows, settings.InChannels, height, width],
                "timestep" => [rows],
                "timestep_cond" => [rows, 32],
                "encoder_hidden_states" => [rows, 77, settings.ContextChannels],
                "text_embeds" => [rows, 48],
                "time_ids" => [rows, 6],
                "down_block_additional_residuals.0" or "down_block_additional_residuals.1" => [rows, 16, height, width],
                "down_block_additional_residuals.2" => [rows, 16, height / 2, width / 2],
                "down_block_additional_residuals.3" or "mid_block_additional_residual" => [rows, 32, height / 2, width / 2],
                _ => throw new NotSupportedException($"The input {name}."),
            });
        Assert.InRange(difference, 0, Tolerance);
    }

    private WinogradCache Cache() => new(_folder.File("cache/x")[..^2]);

    private static Checkpoint Open(string folder) => Checkpoint.Open(folder, "diffusion_pytorch_model", File.Exists(Path.Combine(folder, "diffusion_pytorch_model.safetensors")) ? null : "fp16");
}
