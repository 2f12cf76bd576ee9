using System.Text.Json.Nodes;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>Nothing is guessed from what is absent.</summary>
public sealed class IncompleteFolderTests : IDisposable
{
    private readonly ModelFolder _folder = new("optimum-float32");

    [Theory]
    [InlineData("vae", "AutoencoderKL")]
    [InlineData("vae", "AutoencoderTiny")]
    [InlineData("vqvae", "VQModel")]
    public void An_autoencoder_that_is_named_needs_its_decoder(string component, string className)
    {
        NameAutoencoder(component, className);
        Directory.Delete(_folder.File("vae_decoder/.")[..^1], recursive: true);
        Refused().Says(_folder.File("vae_decoder/model.onnx"), "missing", $"names '{component}'");
    }

    [Theory]
    [InlineData("vae", "AutoencoderKL")]
    [InlineData("vqvae", "VQModel")]
    public void With_its_decoder_alone_it_draws_and_says_what_it_cannot(string component, string className)
    {
        NameAutoencoder(component, className);
        Directory.Delete(_folder.File("vae_encoder/.")[..^1], recursive: true);
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Equal((2, 0.5f), (pipeline.LatentSpace.DownsamplingFactor, pipeline.LatentSpace.Scale));
        Assert.Null(pipeline.LatentEncoder);
        Assert.Contains("no vae_encoder", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unet", "names no 'unet'")]
    [InlineData("scheduler", "names no 'scheduler'")]
    [InlineData("tokenizer", "no 'tokenizer'")]
    [InlineData("text_encoder", "does not name 'text_encoder', but the folder has one")]
    [InlineData("vae_decoder", "does not name 'vae_decoder', but the folder has one")]
    public void A_component_that_the_index_does_not_name(string component, string said)
    {
        Index(json => json.Remove(component));
        Refused().Says(_folder.File("model_index.json"), said);
        Index(json => json[component] = new JsonArray(null, null));
        Refused().Says(_folder.File("model_index.json"), said);
    }

    [Fact]
    public void Without_a_word_of_an_autoencoder_latents_are_not_taken_for_pictures()
    {
        Index(json =>
        {
            json.Remove("vae_decoder");
            json.Remove("vae_encoder");
        });
        Directory.Delete(_folder.File("vae_decoder/.")[..^1], recursive: true);
        Refused().Says(_folder.File("model_index.json"), "no autoencoder", "4 channels");
    }

    [Theory]
    [InlineData("tokenizer_2", "CLIPTokenizer")]
    [InlineData("unet_2", "UNet2DConditionModel")]
    [InlineData("bert", "LDMBertModel")]
    [InlineData("image_noising_scheduler", "DDPMScheduler")]
    public void A_component_that_is_not_known(string component, string className)
    {
        Index(json => json[component] = new JsonArray("diffusers", className));
        Refused().Says($"'{component}' ({className})", "does not know");
    }

    [Theory]
    [InlineData("LlamaTokenizer")]
    [InlineData("RobertaTokenizer")]
    public void A_tokenizer_of_another_kind(string className)
    {
        Index(json => json["tokenizer"] = new JsonArray("transformers", className));
        Refused().Says(_folder.File("tokenizer"), className, "CLIPTokenizer");
    }

    [Fact]
    public void A_model_of_another_name_is_found_where_it_is_the_only_one()
    {
        File.Move(_folder.File("vae_decoder/model.onnx"), _folder.File("vae_decoder/decoder_fp16.onnx"));
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path);
        Assert.Equal(4, pipeline.LatentSpace.Channels);
        File.Copy(_folder.File("vae_decoder/decoder_fp16.onnx"), _folder.File("vae_decoder/decoder.onnx"));
        Refused().Says(_folder.File("vae_decoder/model.onnx"), "'decoder.onnx'", "'decoder_fp16.onnx'", "which one", "Variant");
    }

    [Theory]
    [InlineData("Model.onnx", null)]
    [InlineData("MODEL.ONNX", null)]
    [InlineData("model_fp16.onnx", "fp16")]
    [InlineData("model.fp16.onnx", "fp16")]
    [InlineData("model.onnx", "fp16")]
    public void Of_several_models_the_variant_is_taken_or_the_one_with_the_usual_name(string name, string? variant)
    {
        File.Move(_folder.File("vae_decoder/model.onnx"), _folder.File($"vae_decoder/{name}"));
        _folder.Write("vae_decoder/another.onnx", "not a model");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path, new OnnxPipelineOptions { Variant = variant });
        Assert.Equal(4, pipeline.LatentSpace.Channels);
    }

    [Fact]
    public void In_place_of_a_class_the_index_may_name_the_file()
    {
        File.Move(_folder.File("vae_decoder/model.onnx"), _folder.File("vae_decoder/decoder_int8.onnx"));
        _folder.Write("vae_decoder/another.onnx", "not a model");
        Index(json => json["vae_decoder"] = new JsonArray("onnxruntime", "decoder_int8.onnx"));
        using (DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path))
        {
            Assert.Equal(4, pipeline.LatentSpace.Channels);
        }

        Index(json => json["vae_decoder"] = new JsonArray("onnxruntime", "decoder_int4.onnx"));
        Refused().Says(_folder.File("vae_decoder/decoder_int4.onnx"), "missing");
    }

    [Fact]
    public void What_is_left_out_is_as_though_it_were_not_named()
    {
        _folder.Write("vae_encoder/model.onnx", "not a model");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path, new OnnxPipelineOptions { LeftOut = ["vae_encoder"] });
        Assert.Null(pipeline.LatentEncoder);
    }

    [Fact]
    public void PyTorchs_weights_are_called_that()
    {
        File.Move(_folder.File("unet/model.onnx"), _folder.File("unet/diffusion_pytorch_model.safetensors"));
        Refused().Says(_folder.File("unet/model.onnx"), "'diffusion_pytorch_model.safetensors'", "PyTorch", "exported");
    }

    [Fact]
    public void A_size_that_nothing_says_is_said()
    {
        _folder.Edit("unet/config.json", json => json.Remove("sample_size"));
        using var log = new RecordingLogger();
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(_folder.Path, new OnnxPipelineOptions { LoggerFactory = log });
        Assert.Contains("512x512", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unet/config.json", "in_channels", "1000000000")]
    [InlineData("unet/config.json", "in_channels", "-4")]
    [InlineData("unet/config.json", "in_channels", "4.5")]
    [InlineData("unet/config.json", "sample_size", "1000000000")]
    [InlineData("unet/config.json", "sample_size", "0")]
    [InlineData("unet/config.json", "sample_size", "[8, -8]")]
    [InlineData("unet/config.json", "block_out_channels", "[]")]
    [InlineData("vae_decoder/config.json", "latent_channels", "2000000000")]
    [InlineData("vae_decoder/config.json", "scaling_factor", "NaN")]
    [InlineData("vae_decoder/config.json", "scaling_factor", "Infinity")]
    [InlineData("vae_decoder/config.json", "scaling_factor", "1e300")]
    [InlineData("vae_decoder/config.json", "latents_mean", "[0, 0, 0, 0]")]
    [InlineData("scheduler/scheduler_config.json", "num_train_timesteps", "1000000000")]
    [InlineData("tokenizer/tokenizer_config.json", "model_max_length", "-1")]
    public void Absurd_numbers_are_refused_by_file_and_key(string name, string key, string value)
    {
        _folder.Edit(name, config => config.Remove(key));
        string json = File.ReadAllText(_folder.File(name)).TrimEnd()[..^1];
        _folder.Write(name, $$"""{{json}}, "{{key}}": {{value}} }""");
        Refused().Says(_folder.File(name), $"'{key}'");
    }

    [Fact]
    public void A_configuration_that_contradicts_its_model_is_refused_by_both_names()
    {
        _folder.Edit("unet/config.json", json => json["in_channels"] = 9);
        Refused().Says(_folder.File("unet/config.json"), "'in_channels' is 9", _folder.File("unet/model.onnx"), "4 channels");
    }

    public void Dispose() => _folder.Dispose();

    private void NameAutoencoder(string component, string className) => Index(json =>
    {
        json.Remove("vae_encoder");
        json.Remove("vae_decoder");
        json[component] = new JsonArray("diffusers", className);
    });

    private void Index(Action<JsonObject> change) => _folder.Edit("model_index.json", change);

    private ModelFormatException Refused() => Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(_folder.Path));
}
