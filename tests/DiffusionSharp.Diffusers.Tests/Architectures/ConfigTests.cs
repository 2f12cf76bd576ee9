using System.Text;
using DiffusionSharp.Configuration;
using DiffusionSharp.Diffusers.Architectures;

namespace DiffusionSharp.Diffusers.Tests.Architectures;

/// <summary>A configuration is built as it says, or refused by the key that cannot be.</summary>
public sealed class ConfigTests
{
    private const int Mutations = 20_000;

    private const string StableDiffusion1 = """
        {"_class_name":"UNet2DConditionModel","_diffusers_version":"0.6.0","act_fn":"silu","attention_head_dim":8,"block_out_channels":[320,640,1280,1280],
         "center_input_sample":false,"cross_attention_dim":768,"down_block_types":["CrossAttnDownBlock2D","CrossAttnDownBlock2D","CrossAttnDownBlock2D","DownBlock2D"],
         "downsample_padding":1,"flip_sin_to_cos":true,"freq_shift":0,"in_channels":4,"layers_per_block":2,"mid_block_scale_factor":1,"norm_eps":1e-05,
         "norm_num_groups":32,"out_channels":4,"sample_size":64,"up_block_types":["UpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D","CrossAttnUpBlock2D"]}
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
    public void Transformer_blocks_for_each_level_and_layer()
    {
        UNetSettings each = Read(StableDiffusion1.Replace("{", """{"transformer_layers_per_block":[1,2,10,1],"""));
        UNetSettings nested = Read(StableDiffusion1.Replace("{", """{"transformer_layers_per_block":[[1,2],2,[3,4],1],"reverse_transformer_layers_per_block":[[1,2,3],4,5,6],"""));

        Assert.Equal([[1, 1], [2, 2], [10, 10], [1, 1]], each.Depth);
        Assert.Equal([[1, 1, 1], [10, 10, 10], [2, 2, 2], [1, 1, 1]], each.UpDepth);
        Assert.Equal([[1, 2], [2, 2], [3, 4], [1, 1]], nested.Depth);
        Assert.Equal([[1, 2, 3], [4, 4, 4], [5, 5, 5], [6, 6, 6]], nested.UpDepth);
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

    [Fact]
    public void Twenty_thousand_mutations_end_in_settings_or_a_typed_error()
    {
        var random = new Random(20);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var text = new StringBuilder(StableDiffusion1);
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

            try
            {
                Read(text.ToString());
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, Mutations / 4, Mutations - 1);
    }

    private static UNetSettings Read(string json)
    {
        var config = new NetworkConfig(ConfigFile.Parse(json, "config.json"));
        var settings = UNetSettings.Read(config);
        config.RequireNothingElse();
        return settings;
    }
}
