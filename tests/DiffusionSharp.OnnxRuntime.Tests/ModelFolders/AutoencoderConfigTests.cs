using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>The latent space comes from the config.json beside a model, as diffusers' AutoencoderKL writes it.</summary>
public class AutoencoderConfigTests
{
    [Fact]
    public void Channels_factor_scale_and_shift_are_read()
    {
        LatentSpace space = Read("""{ "latent_channels": 4, "block_out_channels": [128, 256, 512, 512], "scaling_factor": 1.5305, "shift_factor": 0.0609 }""");
        Assert.Equal(new LatentSpace { Channels = 4, DownsamplingFactor = 8, Scale = 1.5305f, Shift = 0.0609f }, space);
    }

    [Fact]
    public void Scale_and_shift_have_diffusers_defaults()
    {
        LatentSpace space = Read("""{ "latent_channels": 4, "block_out_channels": [128, 256], "shift_factor": null }""");
        Assert.Equal(new LatentSpace { Channels = 4, DownsamplingFactor = 2, Scale = 0.18215f, Shift = 0 }, space);
    }

    [Fact]
    public void Channels_may_have_a_mean_and_a_deviation_each()
    {
        LatentSpace space = Read("""{ "latent_channels": 4, "block_out_channels": [128, 256], "scaling_factor": 0.5, "latents_mean": [-1.6574, 1.886, -1.383, 2.5155], "latents_std": [8.4927, 5.9022, 6.5498, 5.2299] }""");
        Assert.Equal(new ChannelStatistics([-1.6574f, 1.886f, -1.383f, 2.5155f], [8.4927f, 5.9022f, 6.5498f, 5.2299f]), space.Statistics);
        Assert.Null(Read("""{ "latent_channels": 4, "block_out_channels": [128, 256], "latents_mean": null, "latents_std": null }""").Statistics);
    }

    [Theory]
    [InlineData("""{ "block_out_channels": [1] }""", "'latent_channels' is missing")]
    [InlineData("""{ "latent_channels": 4 }""", "'block_out_channels' is missing")]
    [InlineData("""{ "latent_channels": 0, "block_out_channels": [1] }""", "'latent_channels' must be a whole number from 1 to 65536, found 0")]
    [InlineData("""{ "latent_channels": 4, "block_out_channels": [] }""", "'block_out_channels' (0")]
    [InlineData("""{ "latent_channels": 4, "block_out_channels": [1], "scaling_factor": 0 }""", "'scaling_factor' (0)")]
    [InlineData("""{ "latent_channels": 4, "block_out_channels": [1], "scaling_factor": -1 }""", "'scaling_factor' must be a number")]
    [InlineData("""{ "latent_channels": 4, "block_out_channels": [1], "scaling_factor": 1e39 }""", "'scaling_factor' must be a number")]
    [InlineData("""{ "latent_channels": 4, "block_out_channels": [1], "shift_factor": -1e39 }""", "'shift_factor' must be a number")]
    [InlineData("""{ "latent_channels": 2, "block_out_channels": [1], "latents_mean": [0, 1] }""", "'latents_std' go together")]
    [InlineData("""{ "latent_channels": 2, "block_out_channels": [1], "latents_mean": [0], "latents_std": [1] }""", "2 numbers each")]
    [InlineData("""{ "latent_channels": 1, "block_out_channels": [1], "latents_mean": [0], "latents_std": [0] }""", "'latents_std' must be a list of numbers")]
    public void What_is_missing_or_impossible_is_named(string config, string said) =>
        Assert.Throws<ModelFormatException>(() => Read(config)).Says("config.json", said);

    [Fact]
    public void Without_a_configuration_a_latent_space_must_be_given()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Copy("decoders/float32.onnx", "model.onnx");
        Assert.Throws<ModelFormatException>(() => new OnnxLatentDecoder(path)).Says(folder.File("config.json"), "missing", "LatentSpace");
        Assert.Throws<ModelFormatException>(() => new OnnxLatentEncoder(path)).Says(folder.File("config.json"), "missing", "LatentSpace");
    }

    [Fact]
    public void A_latent_space_that_is_given_wins()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "not JSON");
        var space = new LatentSpace { Channels = 4, DownsamplingFactor = 2, Scale = 7 };
        using var decoder = new OnnxLatentDecoder(folder.Copy("decoders/float32.onnx", "model.onnx"), space);
        Assert.Same(space, decoder.LatentSpace);
    }

    // Decoder and encoder read the same.
    private static LatentSpace Read(string config)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", config);
        using var decoder = new OnnxLatentDecoder(folder.Copy("decoders/float32.onnx", "decoder.onnx"));
        using var encoder = new OnnxLatentEncoder(folder.Copy("encoders/parameters-float32.onnx", "encoder.onnx"));
        Assert.Equal(decoder.LatentSpace, encoder.LatentSpace);
        return decoder.LatentSpace;
    }
}
