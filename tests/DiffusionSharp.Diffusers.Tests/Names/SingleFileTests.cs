using DiffusionSharp.Diffusers.Names;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Tests.Names;

/// <summary>A single file in its authors' layout has the weights of the folder under other names.</summary>
public sealed class SingleFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedWeightsTheory("single")]
    [InlineData("sd1", "unet", "vae", "text_encoder")]
    [InlineData("sdxl", "unet", "vae", "text_encoder", "text_encoder_2")]
    public void Every_tensor_of_the_folder_is_found_with_its_bytes(string model, params string[] networks)
    {
        IReadOnlyDictionary<string, Checkpoint> found = SingleFile.Open(Path.Combine(SharedWeights.Find("single")!, $"{model}_single.safetensors"));

        Assert.Equal(networks.Order(), found.Keys.Order());
        foreach (string network in networks)
        {
            var expected = Checkpoint.Open(Path.Combine(SharedWeights.Find(model)!, network), network.StartsWith("text", StringComparison.Ordinal) ? "model" : "diffusion_pytorch_model", null);
            Assert.All(expected.Tensors.Values, tensor =>
            {
                StoredTensor same = found[network].Tensors[tensor.Name];
                Assert.Equal(tensor.Length, same.Length);
                Assert.True(same.IsTransposed || Bytes(tensor).AsSpan().SequenceEqual(Bytes(same)), $"{tensor.Name} has other bytes.");
            });
        }
    }

    [Theory]
    [InlineData("conv_in")]
    [InlineData("time_embedding.linear_2")]
    [InlineData("add_embedding.linear_1")]
    [InlineData("down_blocks.0.resnets.1.norm2")]
    [InlineData("down_blocks.1.downsamplers.0.conv")]
    [InlineData("down_blocks.2.attentions.1.transformer_blocks.9.attn2.to_out.0")]
    [InlineData("mid_block.resnets.1.time_emb_proj")]
    [InlineData("mid_block.attentions.0.norm")]
    [InlineData("up_blocks.0.resnets.2.conv_shortcut")]
    [InlineData("up_blocks.1.attentions.2.proj_in")]
    [InlineData("up_blocks.0.upsamplers.0.conv")]
    [InlineData("up_blocks.2.upsamplers.0.conv")]
    [InlineData("conv_norm_out")]
    public void The_rules_of_a_UNet_go_both_ways(string module)
    {
        string original = OriginalUNetNames.ToOriginal(module, layers: 2, hasAttention: block => block < 2)!;

        Assert.Equal($"{module}.weight", OriginalUNetNames.ToDiffusers($"{original}.weight", layers: 2));
    }

    // From the autoencoder of Stable Diffusion, which has four levels.
    [Theory]
    [InlineData("encoder.down.1.block.0.nin_shortcut.weight", "encoder.down_blocks.1.resnets.0.conv_shortcut.weight")]
    [InlineData("encoder.down.2.downsample.conv.bias", "encoder.down_blocks.2.downsamplers.0.conv.bias")]
    [InlineData("encoder.mid.block_2.conv1.weight", "encoder.mid_block.resnets.1.conv1.weight")]
    [InlineData("encoder.norm_out.weight", "encoder.conv_norm_out.weight")]
    [InlineData("decoder.up.3.block.2.norm1.weight", "decoder.up_blocks.0.resnets.2.norm1.weight")]
    [InlineData("decoder.up.1.upsample.conv.weight", "decoder.up_blocks.2.upsamplers.0.conv.weight")]
    [InlineData("decoder.mid.attn_1.q.weight", "decoder.mid_block.attentions.0.to_q.weight")]
    [InlineData("decoder.mid.attn_1.proj_out.bias", "decoder.mid_block.attentions.0.to_out.0.bias")]
    [InlineData("decoder.mid.attn_1.norm.bias", "decoder.mid_block.attentions.0.group_norm.bias")]
    [InlineData("post_quant_conv.weight", "post_quant_conv.weight")]
    public void The_rules_of_an_autoencoder(string original, string expected)
    {
        Assert.Equal(expected, OriginalAutoencoderNames.ToDiffusers(original, levels: 4));
    }

    [Fact]
    public void A_file_of_another_layout_is_refused()
    {
        string path = _folder.File("a.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(WrittenTensor.Of("conv_in.weight", [1], 1)));

        Assert.Contains("'model.diffusion_model.'", Assert.Throws<ModelFormatException>(() => SingleFile.Open(path)).Problem, StringComparison.Ordinal);
    }

    private static byte[] Bytes(StoredTensor tensor) => File.ReadAllBytes(tensor.Path)[(int)tensor.Offset..(int)(tensor.Offset + tensor.Length)];
}
