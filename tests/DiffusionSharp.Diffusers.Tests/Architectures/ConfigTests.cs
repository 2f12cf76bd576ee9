using System.Text;
using DiffusionSharp.Configuration;
using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>A configuration is built as it says, or refused by the key that cannot be.</summary>
public sealed class ConfigTests
{
    private const int Mutations = 20_000;
    private const int Graphs = 100;

    // Of a tensor in the header of a file, about.
    private const int EntryLength = 100;

    private const string StableDiffusion1 = """
        {"_class_name":"UNet2DConditionModel","_diffusers_version":"0.6.0","act_fn":"silu","attention_head_dim":8,"block_out_channels":[320,640,1280,1280],
         "center_input_sample":false,"cross_attention_dim":768,"down_block_types":["CrossAttnDownBlock2D","CrossAttnDownBlock2D","CrossAttnDownBlock2D","DownBlock2D"],
         "downsample_padding":1,"flip_sin_to_cos":true,"freq_shift":0,"in_channels":4,"layers_per_block":2,"mid_block_scale_factor":1,"norm_eps":1e-05,
         "norm_num_groups":32,"out_channels":4,"sample_size":64,"up_block_types":["UpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D"]}
        """;

    private const string Kandinsky = """
        {"_class_name":"UNet2DConditionModel","_diffusers_version":"0.17.0","act_fn":"silu","addition_embed_type":"image","addition_embed_type_num_heads":64,"attention_head_dim":64,
         "block_out_channels":[384,768,1152,1536],"cross_attention_norm":null,"cross_attention_dim":768,
         "down_block_types":["ResnetDownsampleBlock2D","SimpleCrossAttnDownBlock2D","SimpleCrossAttnDownBlock2D","SimpleCrossAttnDownBlock2D"],
         "encoder_hid_dim":1280,"encoder_hid_dim_type":"image_proj","in_channels":4,"layers_per_block":3,"mid_block_only_cross_attention":null,"mid_block_scale_factor":1,
         "mid_block_type":"UNetMidBlock2DSimpleCrossAttn","norm_num_groups":32,"only_cross_attention":false,"out_channels":8,"resnet_time_scale_shift":"scale_shift","sample_size":64,
         "up_block_types":["SimpleCrossAttnUpBlock2D","SimpleCrossAttnUpBlock2D","SimpleCrossAttnUpBlock2D","ResnetUpsampleBlock2D"]}
        """;

    [Fact]
    public void That_of_Stable_Diffusion_1()
    {
        UNetSettings settings = Read(StableDiffusion1);

        Assert.Equal([320, 640, 1280, 1280], settings.Channels);
        Assert.Equal([true, true, true, false], settings.DownAttention);
        Assert.Equal([false, true, true, true], settings.UpAttention);
        Assert.Equal([8, 8, 8, 8], settings.Heads);
        Assert.Equal((768, 1280, 1e-5f, false), (settings.ContextChannels, settings.TimeChannels, settings.Epsilon, settings.LinearProjection));
    }

    [Fact]
    public void Heads_of_a_UNet_without_conditions_have_that_many_channels_and_there_is_one_where_that_is_null()
    {
        const string Config = """{"block_out_channels":[64,128],"down_block_types":["DownBlock2D","AttnDownBlock2D"],"up_block_types":["AttnUpBlock2D","UpBlock2D"]""";

        Assert.Equal([8, 16], UNetSettings.ReadUnconditional(Of($"{Config}}}")).Heads);
        Assert.Equal([2, 4], UNetSettings.ReadUnconditional(Of($"{Config},\"attention_head_dim\":32}}")).Heads);
        Assert.Equal([1, 1], UNetSettings.ReadUnconditional(Of($"{Config},\"attention_head_dim\":null}}")).Heads);
        Assert.Contains("'downsample_type'", Assert.Throws<ModelFormatException>(() => UNetSettings.ReadUnconditional(Of($"{Config},\"downsample_type\":\"resnet\"}}"))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Transformer_blocks_for_each_level_and_layer()
    {
        UNetSettings each = Read(StableDiffusion1.Replace("{", """{"transformer_layers_per_block":[1,2,10,1],"""));
        UNetSettings nested = Read(StableDiffusion1.Replace("{", """{"transformer_layers_per_block":[[1,2],2,[3,4],1],"reverse_transformer_layers_per_block":[[1,2,3],4,5,6],"""));

        Assert.Equal([[1, 1], [2, 2], [10, 10], [1, 1]], each.Depth);
        Assert.Equal([[1, 1, 1], [10, 10, 10], [2, 2, 2], [1, 1, 1]], each.UpDepth);
        Assert.Equal([[1, 2], [2, 2], [3, 4], [1, 1]], nested.Depth);
        Assert.Equal([[1, 2, 3], [4, 4, 4], [5, 5, 5], [6, 6, 6]], nested.UpDepth);
    }

    [Fact]
    public void That_of_Kandinsky_2_2()
    {
        UNetSettings settings = Read(Kandinsky);

        Assert.Equal([6, 12, 18, 24], settings.Heads);
        Assert.Equal([false, true, true, true], settings.DownAttention);
        Assert.Equal([true, true, true, false], settings.UpAttention);
        Assert.Equal((1280, true, true), (settings.Adm!.GivenChannels, settings.Adm.IsGivenPicture, settings.Adm.AddsGiven));
        Assert.False(settings.MidOnlyCrossAttention);
        Assert.True(Read(Kandinsky.Replace("\"only_cross_attention\":false", "\"only_cross_attention\":true")).MidOnlyCrossAttention);
    }

    [Theory]
    [InlineData("\"ResnetDownsampleBlock2D\"", "\"DownBlock2D\"", "'DownBlock2D', which is not supported")]
    [InlineData("\"ResnetUpsampleBlock2D\"", "\"UpBlock2D\"", "'UpBlock2D', which is not supported")]
    [InlineData("\"UNetMidBlock2DSimpleCrossAttn\"", "\"UNetMidBlock2D\"", "'mid_block_type'")]
    [InlineData("\"image_proj\"", "\"text_image_proj\"", "'encoder_hid_dim_type'")]
    [InlineData("\"addition_embed_type\":\"image\"", "\"addition_embed_type\":\"image_hint\"", "'addition_embed_type'")]
    [InlineData("\"encoder_hid_dim\":1280", "\"encoder_hid_dim\":null", "'encoder_hid_dim'")]
    [InlineData("\"cross_attention_norm\":null", "\"cross_attention_norm\":\"layer_norm\"", "'cross_attention_norm'")]
    [InlineData("\"cross_attention_norm\":null,\"cross_attention_dim\":768", "\"cross_attention_norm\":\"group_norm\",\"cross_attention_dim\":40", "'cross_attention_dim' (40)")]
    [InlineData("\"mid_block_scale_factor\":1", "\"mid_block_scale_factor\":0", "'mid_block_scale_factor'")]
    public void Levels_of_ADM_that_cannot_be_built(string old, string changed, string expected)
    {
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(Kandinsky.Replace(old, changed))).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"act_fn\":\"silu\"", null)]
    [InlineData("\"downsample_type\":\"conv\"", "'downsample_type'")]
    [InlineData("\"mid_block_scale_factor\":1.4", "'mid_block_scale_factor'")]
    [InlineData("\"attn_norm_num_groups\":24", "'attn_norm_num_groups' (24)")]
    public void Levels_of_ADM_without_conditions(string key, string? expected)
    {
        string json = $$"""
            {"block_out_channels":[64,128],"down_block_types":["ResnetDownsampleBlock2D","AttnDownBlock2D"],"up_block_types":["AttnUpBlock2D","ResnetUpsampleBlock2D"],
             "upsample_type":"resnet",{{key}}}
            """;

        if (expected is null)
        {
            Assert.Equal(32, UNetSettings.ReadUnconditional(Of(json)).Adm!.MiddleGroups);
        }
        else
        {
            Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => UNetSettings.ReadUnconditional(Of(json))).Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("act_fn", "\"gelu\"")]
    [InlineData("addition_embed_type", "\"text_image\"")]
    [InlineData("attention_type", "\"gated\"")]
    [InlineData("class_embed_type", "\"simple_projection\"")]
    [InlineData("class_embeddings_concat", "true")]
    [InlineData("cross_attention_norm", "\"group_norm\"")]
    [InlineData("dual_cross_attention", "true")]
    [InlineData("encoder_hid_dim_type", "\"text_proj\"")]
    [InlineData("mid_block_type", "\"UNetMidBlock2DSimpleCrossAttn\"")]
    [InlineData("resnet_out_scale_factor", "1.5")]
    [InlineData("resnet_skip_time_act", "true")]
    [InlineData("time_embedding_type", "\"fourier\"")]
    [InlineData("time_embedding_act_fn", "\"silu\"")]
    [InlineData("timestep_post_act", "\"silu\"")]
    [InlineData("conv_in_kernel", "4")]
    [InlineData("cross_attention_dim", "[768,768,768,1024]")]
    [InlineData("num_attention_heads", "7")]
    [InlineData("something_new", "3")]
    public void Keys_that_cannot_be_built(string key, string value)
    {
        string json = StableDiffusion1.Replace($"\"{key}\":", $"\"_{key}\":").Replace("{", $$"""{"{{key}}":{{value}},""");

        Assert.Contains($"'{(key == "num_attention_heads" ? "attention_head_dim" : key)}'", Assert.Throws<ModelFormatException>(() => Read(json)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CrossAttnDownBlock2D", "AttnDownBlock2D", "'AttnDownBlock2D', which is not supported")]
    [InlineData(""",640,1280,1280]""", ",640]", "has 4 blocks, but 'block_out_channels' has 2")]
    [InlineData("[320,640,1280,1280]", "[]", "'block_out_channels' is an empty list")]
    public void Blocks_that_cannot_be_built(string old, string changed, string expected)
    {
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(StableDiffusion1.Replace(old, changed))).Problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = Bounded.Hang)]
    public Task Twenty_thousand_mutations_end_in_settings_or_a_typed_error() => Task.Run(() =>
    {
        var random = new Random(20);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            string json = Mutate(StableDiffusion1, random);
            refused += Bounded.Refuses(json.Length, () => Read(json)) ? 1 : 0;
        }

        Assert.InRange(refused, Mutations / 4, Mutations - 1);
    });

    [SharedWeightsTheory("sd1/unet", Timeout = Bounded.Hang)]
    [InlineData("sd1", "unet")]
    [InlineData("sd1", "vae")]
    [InlineData("sd1", "text_encoder")]
    [InlineData("flux", "text_encoder_2")]
    [InlineData("flux", "transformer")]
    [InlineData("sd3", "transformer")]
    [InlineData("pixart", "transformer")]
    [InlineData("if_stage1", "unet")]
    [InlineData("kandinsky22/decoder_pipeline", "unet")]
    [InlineData("kandinsky22/prior_pipeline", "image_encoder")]
    [InlineData("unclip", "prior")]
    [InlineData("unclip", "text_proj")]
    public Task Mutations_over_a_networks_weights_end_in_a_graph_or_a_typed_error(string model, string component) => Task.Run(() =>
    {
        string folder = SharedWeights.Find(Path.Combine(model, component))!;
        string file = Assert.Single(Directory.GetFiles(folder, "*.safetensors"), name => !name.Contains("fp16", StringComparison.Ordinal) || Directory.GetFiles(folder, "*.safetensors").Length == 1);
        var checkpoint = Checkpoint.OpenFile(file);
        string config = File.ReadAllText(Path.Combine(folder, "config.json"));
        var random = new Random(20);
        int refused = 0;
        for (int i = 0; i < Graphs; i++)
        {
            string json = Mutate(config, random);
            refused += Bounded.Refuses(json.Length + checkpoint.Tensors.Count * EntryLength, () => Build(checkpoint, new NetworkConfig(ConfigFile.Parse(json, "config.json")), component)) ? 1 : 0;
        }

        Assert.InRange(refused, Graphs / 4, Graphs - 1);
    });

    [Theory]
    [InlineData("\"layers_per_block\":2", "\"layers_per_block\":1000000", "'layers_per_block' must be at most 256")]
    [InlineData("\"layers_per_block\":2", "\"layers_per_block\":[2,2,2,300]", "'layers_per_block' must be at most 256")]
    [InlineData("[320,640,1280,1280]", "[1048576]", "from 1 to 65536")]
    [InlineData("[320,640,1280,1280]", "[32,32,32,32,32,32,32,32,32,32,32,32,32,32,32,32,32]", "a list of 17 numbers")]
    [InlineData("\"freq_shift\":0", "\"addition_time_embed_dim\":1000000,\"addition_embed_type\":\"text_time\"", "from 0 to 65536")]
    public void Numbers_that_would_make_much_of_little(string old, string changed, string expected)
    {
        string json = StableDiffusion1.Replace(old, changed, StringComparison.Ordinal);

        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(json)).Problem, StringComparison.Ordinal);
    }

    private static string Mutate(string json, Random random)
    {
        var text = new StringBuilder(json);
        int place = random.Next(text.Length);
        switch (random.Next(3))
        {
            case 0:
                text.Remove(place, Math.Min(random.Next(1, 12), text.Length - place));
                break;
            case 1:
                text[place] = (char)random.Next(32, 127);
                break;
            default:
                text.Insert(place, random.Next(4) switch { 0 => "0", 1 => "99999999", 2 => "-", _ => "[" });
                break;
        }

        return text.ToString();
    }

    private static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, string component) => (component, config.Text("_class_name")) switch
    {
        ("text_encoder", _) => ClipTextModel.Build(checkpoint, config, withProjection: false),
        ("text_encoder_2", _) => T5EncoderModel.Build(checkpoint, config),
        ("image_encoder", _) => ClipVisionModel.Build(checkpoint, config),
        ("prior", _) => PriorTransformer.Build(checkpoint, config),
        ("text_proj", _) => UnCLIPTextProjModel.Build(checkpoint, config, isGuided: true),
        ("vae", _) => AutoencoderKL.BuildDecoder(checkpoint, config),
        ("unet", _) => UNet2DConditionModel.Build(checkpoint, config),
        (_, nameof(FluxTransformer2DModel)) => FluxTransformer2DModel.Build(checkpoint, config),
        (_, nameof(PixArtTransformer2DModel)) => PixArtTransformer2DModel.Build(checkpoint, config),
        _ => SD3Transformer2DModel.Build(checkpoint, config),
    };

    private static NetworkConfig Of(string json) => new(ConfigFile.Parse(json, "config.json"));

    private static UNetSettings Read(string json)
    {
        NetworkConfig config = Of(json);
        var settings = UNetSettings.Read(config);
        config.RequireNothingElse();
        return settings;
    }
}
