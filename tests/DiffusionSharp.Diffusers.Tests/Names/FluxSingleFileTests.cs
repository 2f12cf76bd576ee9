using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Names;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Tests.Names;

/// <summary>Flux's transformer in the layout of its authors (https://github.com/black-forest-labs/flux, src/flux/model.py) is that of the folder.</summary>
public sealed class FluxSingleFileTests : IDisposable
{
    // Each of the authors' modules, and those of diffusers whose rows it has.
    private static readonly (string Original, string[] Modules)[] Layout =
    [
        ("img_in", ["x_embedder"]), ("txt_in", ["context_embedder"]), ("final_layer.linear", ["proj_out"]),
        ("time_in.in_layer", ["time_text_embed.timestep_embedder.linear_1"]), ("time_in.out_layer", ["time_text_embed.timestep_embedder.linear_2"]),
        ("vector_in.in_layer", ["time_text_embed.text_embedder.linear_1"]), ("vector_in.out_layer", ["time_text_embed.text_embedder.linear_2"]),
        ("guidance_in.in_layer", ["time_text_embed.guidance_embedder.linear_1"]), ("guidance_in.out_layer", ["time_text_embed.guidance_embedder.linear_2"]),
        .. InBlock("double_blocks.0", "transformer_blocks.0", ("img_mod.lin", "norm1.linear"), ("txt_mod.lin", "norm1_context.linear"), ("img_attn.qkv", "attn.to_q attn.to_k attn.to_v"), ("txt_attn.qkv", "attn.add_q_proj attn.add_k_proj attn.add_v_proj"), ("img_attn.proj", "attn.to_out.0"), ("txt_attn.proj", "attn.to_add_out"), ("img_mlp.0", "ff.net.0.proj"), ("img_mlp.2", "ff.net.2"), ("txt_mlp.0", "ff_context.net.0.proj"), ("txt_mlp.2", "ff_context.net.2")),
        .. InBlock("single_blocks.0", "single_transformer_blocks.0", ("modulation.lin", "norm.linear"), ("linear1", "attn.to_q attn.to_k attn.to_v proj_mlp"), ("linear2", "proj_out")),
    ];

    private static readonly (string Original, string Module)[] Norms =
    [
        ("double_blocks.0.img_attn.norm.query_norm", "transformer_blocks.0.attn.norm_q"), ("double_blocks.0.img_attn.norm.key_norm", "transformer_blocks.0.attn.norm_k"),
        ("double_blocks.0.txt_attn.norm.query_norm", "transformer_blocks.0.attn.norm_added_q"), ("double_blocks.0.txt_attn.norm.key_norm", "transformer_blocks.0.attn.norm_added_k"),
        ("single_blocks.0.norm.query_norm", "single_transformer_blocks.0.attn.norm_q"), ("single_blocks.0.norm.key_norm", "single_transformer_blocks.0.attn.norm_k"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedWeightsTheory("flux/transformer")]
    [InlineData("")]
    [InlineData("model.diffusion_model.")]
    public void It_is_the_same_network(string prefix)
    {
        string folder = SharedWeights.Find("flux/transformer")!;
        var expected = Checkpoint.Open(folder, "diffusion_pytorch_model", null);
        string path = _folder.File("flux.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(Written(expected).Select(tensor => tensor with { Name = prefix + tensor.Name })));

        Checkpoint found = SingleFile.Open(path)["transformer"];

        Assert.Equal(expected.Tensors.Keys.Order(), found.Tensors.Keys.Order());
        Assert.Equal(0, GraphComparison.RootMeanSquare(Build(found), Build(expected), name => name switch
        {
            "hidden_states" => [2, 12, 64],
            "encoder_hidden_states" => [2, 20, 32],
            "pooled_projections" => [2, 32],
            "txt_ids" => [20, 3],
            "img_ids" => [12, 3],
            _ => [2],
        }));

        ModelSource Build(Checkpoint checkpoint) => FluxTransformer2DModel.Build(checkpoint, NetworkConfig.Load(folder));
    }

    [Fact]
    public void Rows_that_cannot_be_divided_are_refused()
    {
        string path = _folder.File("flux.safetensors");
        File.WriteAllBytes(path, WrittenTensor.File(WrittenTensor.Of("double_blocks.0.img_attn.qkv.weight", new float[8], 4, 2)));

        Assert.Contains("expected rows of attn.to_q, attn.to_k, attn.to_v", Assert.Throws<ModelFormatException>(() => SingleFile.Open(path)).Problem, StringComparison.Ordinal);
    }

    private static IEnumerable<WrittenTensor> Written(Checkpoint checkpoint)
    {
        foreach (string end in (string[])[".weight", ".bias"])
        {
            foreach ((string original, string[] modules) in Layout)
            {
                StoredTensor[] parts = [.. modules.Select(module => checkpoint.Tensors[module + end])];
                yield return new WrittenTensor(original + end, "F32", [parts.Sum(part => part.Shape[0]), .. parts[0].Shape.Skip(1)], [.. parts.SelectMany(part => part.ReadBytes())]);
            }

            // Its shift is before its scale there.
            StoredTensor last = checkpoint.Tensors[$"norm_out.linear{end}"];
            byte[] bytes = last.ReadBytes();
            yield return new WrittenTensor($"final_layer.adaLN_modulation.1{end}", "F32", [.. last.Shape], [.. bytes[(bytes.Length / 2)..], .. bytes[..(bytes.Length / 2)]]);
        }

        foreach ((string original, string module) in Norms)
        {
            StoredTensor norm = checkpoint.Tensors[$"{module}.weight"];
            yield return new WrittenTensor($"{original}.scale", "F32", [.. norm.Shape], norm.ReadBytes());
        }
    }

    private static IEnumerable<(string Original, string[] Modules)> InBlock(string original, string block, params (string Original, string Modules)[] names) =>
        names.Select(name => ($"{original}.{name.Original}", name.Modules.Split(' ').Select(module => $"{block}.{module}").ToArray()));
}
