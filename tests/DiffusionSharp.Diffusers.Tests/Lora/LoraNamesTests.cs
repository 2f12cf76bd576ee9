using DiffusionSharp.Diffusers.Lora;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Lora;

/// <summary>Every way in which trainers name a module.</summary>
public sealed class LoraNamesTests : IDisposable
{
    private static readonly string[] UNet =
    [
        "conv_in", "time_embedding.linear_1", "add_embedding.linear_2",
        "down_blocks.0.resnets.0.conv1", "down_blocks.0.resnets.1.conv1", "down_blocks.0.downsamplers.0.conv",
        "down_blocks.1.resnets.0.time_emb_proj", "down_blocks.1.resnets.1.conv_shortcut",
        "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "down_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0",
        "mid_block.resnets.0.conv2", "mid_block.attentions.0.proj_in", "mid_block.resnets.1.conv1",
        "up_blocks.0.resnets.2.conv1", "up_blocks.0.attentions.1.proj_out", "up_blocks.0.upsamplers.0.conv", "up_blocks.1.resnets.0.conv1", "up_blocks.1.upsamplers.0.conv",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // From the table of SDXL's own layout, with two ResNet blocks a level.
    [Theory]
    [InlineData("lora_unet_input_blocks_0_0", "conv_in")]
    [InlineData("lora_unet_time_embed_0", "time_embedding.linear_1")]
    [InlineData("lora_unet_label_emb_0_2", "add_embedding.linear_2")]
    [InlineData("lora_unet_input_blocks_1_0_in_layers_2", "down_blocks.0.resnets.0.conv1")]
    [InlineData("lora_unet_input_blocks_2_0_in_layers_2", "down_blocks.0.resnets.1.conv1")]
    [InlineData("lora_unet_input_blocks_3_0_op", "down_blocks.0.downsamplers.0.conv")]
    [InlineData("lora_unet_input_blocks_4_0_emb_layers_1", "down_blocks.1.resnets.0.time_emb_proj")]
    [InlineData("lora_unet_input_blocks_5_0_skip_connection", "down_blocks.1.resnets.1.conv_shortcut")]
    [InlineData("lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q")]
    [InlineData("lora_unet_input_blocks_5_1_transformer_blocks_0_attn2_to_out_0", "down_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0")]
    [InlineData("lora_unet_middle_block_0_out_layers_3", "mid_block.resnets.0.conv2")]
    [InlineData("lora_unet_middle_block_1_proj_in", "mid_block.attentions.0.proj_in")]
    [InlineData("lora_unet_middle_block_2_in_layers_2", "mid_block.resnets.1.conv1")]
    [InlineData("lora_unet_output_blocks_2_0_in_layers_2", "up_blocks.0.resnets.2.conv1")]
    [InlineData("lora_unet_output_blocks_1_1_proj_out", "up_blocks.0.attentions.1.proj_out")]
    [InlineData("lora_unet_output_blocks_2_2_conv", "up_blocks.0.upsamplers.0.conv")]
    [InlineData("lora_unet_output_blocks_3_0_in_layers_2", "up_blocks.1.resnets.0.conv1")]
    [InlineData("lora_unet_output_blocks_5_1_conv", "up_blocks.1.upsamplers.0.conv")]
    [InlineData("lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q")]
    [InlineData("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q")]
    [InlineData("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q")]
    [InlineData("unet.down_blocks.1.attentions.1.transformer_blocks.0.attn2.processor.to_out", "down_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0")]
    public void Of_a_UNet(string name, string module)
    {
        LoraTarget target = Assert.Single(Names("unet", UNet).Find(name));

        Assert.Equal(new LoraTarget("unet", module), target);
    }

    [Theory]
    [InlineData("text_encoder", "text_encoder.text_model.encoder.layers.0.self_attn.q_proj")]
    [InlineData("text_encoder", "text_encoder.text_model.encoder.layers.0.self_attn.to_q")]
    [InlineData("text_encoder", "lora_te_text_model_encoder_layers_0_self_attn_q_proj")]
    [InlineData("text_encoder", "lora_te1_text_model_encoder_layers_0_self_attn_q_proj")]
    [InlineData("text_encoder_2", "lora_te2_text_model_encoder_layers_0_self_attn_q_proj")]
    public void Of_text_encoders(string network, string name)
    {
        const string Module = "text_model.encoder.layers.0.self_attn.q_proj";

        Assert.Equal([new LoraTarget(network, Module)], Names(network, Module).Find(name));
    }

    [Fact]
    public void Of_several_modules_that_were_one()
    {
        LoraNames names = Names("transformer", "single_transformer_blocks.3.proj_mlp", "single_transformer_blocks.3.attn.to_k", "single_transformer_blocks.3.attn.to_q", "single_transformer_blocks.3.attn.to_v");

        Assert.Equal(
            [("attn.to_q", 0L), ("attn.to_k", 2L), ("attn.to_v", 4L), ("proj_mlp", 6L)],
            names.Find("lora_unet_single_blocks_3_linear1").Select(target => (target.Module["single_transformer_blocks.3.".Length..], target.FirstRow)));
    }

    [Fact]
    public void Names_of_nothing()
    {
        Assert.Empty(Names("unet", UNet).Find("lora_unet_output_blocks_9_0_in_layers_2"));
    }

    private LoraNames Names(string network, params string[] modules)
    {
        string path = _folder.File("model.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(modules.Select(module => WrittenTensor.Of($"{module}.weight", [1, 2, 3, 4], 2, 2))));
        return new LoraNames(new Dictionary<string, Checkpoint> { [network] = Checkpoint.OpenFile(path) });
    }
}
