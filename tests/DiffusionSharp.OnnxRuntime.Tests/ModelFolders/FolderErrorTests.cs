using System.Text.Json.Nodes;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>What is wrong with a folder is said by file and key.</summary>
public class FolderErrorTests
{
    [Fact]
    public void A_folder_that_does_not_exist()
    {
        string path = Path.Combine(Path.GetTempPath(), "no-such-model-folder");
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(path));
        error.Says(path, "does not exist");
        Assert.Equal(path, error.Path);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_folder_at_all(string? path) => Assert.ThrowsAny<ArgumentException>(() => OnnxDiffusionPipeline.Load(path!));

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("tokenizer/vocab.json")]
    [InlineData("tokenizer/merges.txt")]
    [InlineData("text_encoder/model.onnx")]
    [InlineData("unet/model.onnx")]
    [InlineData("vae_decoder/model.onnx")]
    [InlineData("vae_encoder/model.onnx")]
    public void A_missing_file(string name)
    {
        using var folder = new ModelFolder("optimum-float32");
        File.Delete(folder.File(name));
        Refused(folder).Says(folder.File(name), "missing");
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("tokenizer/vocab.json")]
    [InlineData("tokenizer/tokenizer_config.json")]
    [InlineData("unet/config.json")]
    [InlineData("vae_decoder/config.json")]
    public void A_file_that_is_not_JSON(string name)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write(name, """{ "key": """);
        Refused(folder).Says(folder.File(name), "not valid JSON");
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("unet/config.json")]
    [InlineData("vae_decoder/config.json")]
    public void A_file_that_is_a_list(string name)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write(name, "[]");
        Refused(folder).Says(folder.File(name), "expected a JSON object, found Array");
    }

    [Theory]
    [InlineData("unet/config.json", "in_channels", "\"four\"", "a whole number")]
    [InlineData("unet/config.json", "sample_size", "1.5", "a whole number")]
    [InlineData("unet/config.json", "block_out_channels", "8", "a list")]
    [InlineData("vae_decoder/config.json", "scaling_factor", "\"0.5\"", "a number")]
    [InlineData("vae_decoder/config.json", "latent_channels", "true", "a whole number")]
    [InlineData("vae_decoder/config.json", "block_out_channels", "{}", "a list")]
    [InlineData("scheduler/scheduler_config.json", "steps_offset", "\"1\"", "a whole number")]
    [InlineData("model_index.json", "num_inference_steps", "0", "a whole number")]
    [InlineData("model_index.json", "guidance_scale", "\"strong\"", "a number")]
    [InlineData("model_index.json", "guidance_scale", "1e39", "a number")]
    [InlineData("model_index.json", "vae_decoder", "\"AutoencoderKL\"", "a list of two names")]
    [InlineData("model_index.json", "text_encoder", "[\"transformers\"]", "a list of two names")]
    public void A_key_of_another_kind(string name, string key, string value, string expected)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit(name, json => json[key] = JsonNode.Parse(value));
        Refused(folder).Says(folder.File(name), $"'{key}' must be {expected}", value);
    }

    [Fact]
    public void A_kind_of_pipeline_that_is_not_known()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", json => json["_class_name"] = "TomorrowsPipeline");
        Refused(folder).Says(folder.File("model_index.json"), "'_class_name' is 'TomorrowsPipeline'", "StableDiffusionPipeline", "DDPMPipeline");
        folder.Edit("model_index.json", json => json.Remove("_class_name"));
        Refused(folder).Says(folder.File("model_index.json"), "'_class_name' is missing", "StableDiffusionPipeline");
    }

    [Theory]
    [InlineData("ORTStableDiffusionPipeline")]
    [InlineData("OnnxStableDiffusionPipeline")]
    public void What_exporters_put_before_the_class_is_no_part_of_it(string className)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", json => json["_class_name"] = className);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Assert.Single(pipeline.TextEncoders);
    }

    [Fact]
    public void A_scheduler_that_is_not_known()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("scheduler/scheduler_config.json", json => json["_class_name"] = "TomorrowsScheduler");
        Refused(folder).Says(folder.File("scheduler/scheduler_config.json"), "'_class_name' is 'TomorrowsScheduler'", "DDIMScheduler");
    }

    [Fact]
    public void A_scheduler_without_a_name()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("scheduler/scheduler_config.json", json => json.Remove("_class_name"));
        Refused(folder).Says(folder.File("scheduler/scheduler_config.json"), "'_class_name' is missing");
    }

    [Theory]
    [InlineData("transformer", "SD3Transformer2DModel")]
    [InlineData("text_encoder_2", "CLIPTextModelWithProjection")]
    [InlineData("prior", "PriorTransformer")]
    [InlineData("movq", "VQModel")]
    public void A_component_that_is_not_supported(string component, string className)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", json => json[component] = new JsonArray("diffusers", className));
        Refused(folder).Says(folder.File("model_index.json"), $"'{component}'", className);
    }

    [Fact]
    public void A_component_that_the_index_leaves_empty_is_not_there()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("model_index.json", json => json["text_encoder_2"] = new JsonArray(null, null));
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
    }

    [Fact]
    public void An_autoencoder_without_a_configuration_in_a_folder_that_should_have_one()
    {
        using var folder = new ModelFolder("optimum-float32");
        File.Delete(folder.File("vae_decoder/config.json"));
        File.Delete(folder.File("vae_encoder/config.json"));
        Refused(folder).Says(folder.File("vae_decoder/config.json"), "missing", "OnnxPipelineOptions.LatentSpace");
    }

    [Fact]
    public void An_autoencoder_of_other_channels_than_its_configuration_says()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Edit("vae_decoder/config.json", json => json["latent_channels"] = 16);
        Refused(folder).Says(folder.File("vae_decoder/model.onnx"), "4 channels", "16");
    }

    [Fact]
    public void A_tokenizer_of_another_length_than_the_text_encoder()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Copy("text-encoders/fixed-shape.onnx", "text_encoder/model.onnx");
        folder.Edit("tokenizer/tokenizer_config.json", json => json["model_max_length"] = 77);
        Refused(folder).Says(folder.File("text_encoder/model.onnx"), "takes 8 tokens", "gives 77", "model_max_length");
    }

    private static ModelFormatException Refused(ModelFolder folder) => Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path));
}
