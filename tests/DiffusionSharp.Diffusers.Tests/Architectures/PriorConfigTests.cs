using DiffusionSharp.Configuration;
using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>What configurations of priors, projections and encoders of pictures ask for and is not known is refused by its key.</summary>
public sealed class PriorConfigTests
{
    [SharedWeightsTheory("unclip/prior")]
    [InlineData("added_emb_type", "null")]
    [InlineData("encoder_hid_proj_type", "null")]
    [InlineData("embedding_proj_norm_type", "\"layer\"")]
    [InlineData("norm_in_type", "\"layer\"")]
    [InlineData("additional_embeddings", "0")]
    [InlineData("time_embed_act_fn", "\"gelu\"")]
    [InlineData("time_embed_dim", "96")]
    [InlineData("embedding_proj_dim", "48")]
    [InlineData("clip_embed_dim", "48")]
    [InlineData("something_new", "3")]
    public void Priors(string key, string value) => Refuses("prior", key, value, config => PriorTransformer.Build(Open("unclip/prior", "diffusion_pytorch_model"), config));

    [SharedWeightsTheory("unclip/text_proj")]
    [InlineData("cross_attention_dim", "null")]
    [InlineData("time_embed_dim", "null")]
    [InlineData("clip_extra_context_tokens", "257")]
    [InlineData("something_new", "3")]
    public void Projections(string key, string value) =>
        Refuses("text_proj", key, value, config => UnCLIPTextProjModel.Build(Open("unclip/text_proj", "diffusion_pytorch_model"), config, isGuided: true));

    [SharedWeightsTheory("kandinsky22/prior_pipeline/image_encoder")]
    [InlineData("num_channels", "4")]
    [InlineData("patch_size", "29")]
    [InlineData("num_attention_heads", "5")]
    [InlineData("hidden_act", "\"relu\"")]
    public void Encoders_of_pictures(string key, string value) =>
        Refuses("image_encoder", key, value, config => ClipVisionModel.Build(Open("kandinsky22/prior_pipeline/image_encoder", "model"), config), "kandinsky22/prior_pipeline");

    private static void Refuses(string component, string key, string value, Func<NetworkConfig, object> build, string model = "unclip")
    {
        string json = File.ReadAllText(Path.Combine(SharedWeights.Find(Path.Combine(model, component))!, "config.json"));
        build(Of(json));
        string changed = json.Replace($"\"{key}\":", $"\"_{key}\":", StringComparison.Ordinal).Replace("{", $$"""{"{{key}}":{{value}},""", StringComparison.Ordinal);

        Assert.Contains($"'{key}'", Assert.Throws<ModelFormatException>(() => build(Of(changed))).Problem, StringComparison.Ordinal);
    }

    private static Checkpoint Open(string folder, string name) => Checkpoint.Open(SharedWeights.Find(folder)!, name, null);

    private static NetworkConfig Of(string json) => new(ConfigFile.Parse(json, "config.json"));
}
