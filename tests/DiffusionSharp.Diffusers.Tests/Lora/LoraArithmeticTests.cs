using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Lora;

/// <summary>What each form of a LoRA makes of a weight, against the same in double.</summary>
public sealed class LoraArithmeticTests : IDisposable
{
    private const string Module = "mid_block.attentions.0.proj_in";
    private const int Out = 6;
    private const int In = 4;

    // A few sums of products of numbers below 1 in float32.
    private const double Tolerance = 2e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly WeightGraph _graph;
    private readonly Matrix _weight = Matrix.Random(Out, In, 1);

    public LoraArithmeticTests() => _graph = new WeightGraph(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_a_weight_is_what_it_is()
    {
        Near(_weight, _graph.Changed("unet", Module, [Out, In], [Weight()]));
    }

    [Fact]
    public void Without_alpha_the_whole_product_is_added()
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3));

        Near(_weight + (0.5 * (up * down)), Changed(0.5f, down.Written($"unet.{Module}.lora_A.weight"), up.Written($"unet.{Module}.lora_B.weight")));
    }

    [Fact]
    public void Alpha_is_divided_by_the_rank()
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3));

        Near(_weight + (0.8 * 3 / 2 * (up * down)), Changed(0.8f, down.Written($"{Flat}.lora_down.weight"), up.Written($"{Flat}.lora_up.weight"), WrittenTensor.Of($"{Flat}.alpha", [3])));
    }

    // By the network's alpha over the rank, by the module's own, by the root of the rank, and not by another network's.
    [Theory]
    [InlineData("""{"unet.r":2,"unet.lora_alpha":3}""", 1.5)]
    [InlineData("""{"unet.r":2,"unet.lora_alpha":3,"unet.alpha_pattern":{"proj_in":8,"proj_out":5}}""", 4)]
    [InlineData("""{"unet.r":2,"unet.lora_alpha":3,"unet.use_rslora":true}""", 2.1213203435596424)]
    [InlineData("""{"transformer.r":2,"transformer.lora_alpha":3}""", 1)]
    public void Alpha_may_be_in_the_metadata(string metadata, double factor)
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3));
        LoraFile file = _graph.Lora(
            "a.safetensors",
            0.5f,
            new Dictionary<string, string> { ["format"] = "pt", ["lora_adapter_metadata"] = metadata },
            down.Written($"unet.{Module}.lora_A.weight"),
            up.Written($"unet.{Module}.lora_B.weight"));

        Near(_weight + (0.5 * factor * (up * down)), _graph.Changed("unet", Module, [Out, In], [Weight()], file));
    }

    [Fact]
    public void Several_files_add_up()
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3));
        (Matrix otherDown, Matrix otherUp) = (Matrix.Random(1, In, 4), Matrix.Random(Out, 1, 5));

        float[] changed = _graph.Changed(
            "unet",
            Module,
            [Out, In],
            [Weight()],
            _graph.Lora("a.safetensors", 1, down.Written($"{Flat}.lora_down.weight"), up.Written($"{Flat}.lora_up.weight")),
            _graph.Lora("b.safetensors", -2, otherDown.Written($"unet.{Module}.lora.down.weight"), otherUp.Written($"unet.{Module}.lora.up.weight")));

        Near(_weight + (up * down) + (-2 * (otherUp * otherDown)), changed);
    }

    [Fact]
    public void A_product_may_be_that_of_a_1x1_convolution_and_the_other_way_round()
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3));

        Near(_weight + (up * down), Changed(1, down.Written($"{Flat}.lora_down.weight", 2, In, 1, 1), up.Written($"{Flat}.lora_up.weight", Out, 2, 1, 1)));
    }

    [Fact]
    public void A_convolution()
    {
        Matrix weight = Matrix.Random(Out, In * 9, 1);
        (Matrix down, Matrix up) = (Matrix.Random(2, In * 9, 2), Matrix.Random(Out, 2, 3));

        float[] changed = _graph.Changed(
            "unet",
            "mid_block.resnets.0.conv1",
            [Out, In, 3, 3],
            [weight.Written("mid_block.resnets.0.conv1.weight", Out, In, 3, 3)],
            _graph.Lora("a.safetensors", 1, down.Written("lora_unet_mid_block_resnets_0_conv1.lora_down.weight", 2, In, 3, 3), up.Written("lora_unet_mid_block_resnets_0_conv1.lora_up.weight", Out, 2, 1, 1)));

        Near(weight + (up * down), changed);
    }

    [Fact]
    public void A_convolution_in_three_parts()
    {
        const int Rank = 2;
        Matrix weight = Matrix.Random(Out, In * 9, 1);
        (Matrix down, Matrix up) = (Matrix.Random(Rank, In, 2), Matrix.Random(Out, Rank, 3));
        Matrix mid = Matrix.Random(Rank * Rank, 9, 4);

        float[] changed = _graph.Changed(
            "unet",
            "mid_block.resnets.0.conv1",
            [Out, In, 3, 3],
            [weight.Written("mid_block.resnets.0.conv1.weight", Out, In, 3, 3)],
            _graph.Lora(
                "a.safetensors",
                1,
                down.Written("lora_unet_mid_block_resnets_0_conv1.lora_down.weight", Rank, In, 1, 1),
                mid.Written("lora_unet_mid_block_resnets_0_conv1.lora_mid.weight", Rank, Rank, 3, 3),
                up.Written("lora_unet_mid_block_resnets_0_conv1.lora_up.weight", Out, Rank, 1, 1)));

        var change = Matrix.Of(Out, In * 9, (row, column) => Enumerable.Range(0, Rank * Rank).Sum(ab => up[row, ab / Rank] * mid[ab, column % 9] * down[ab % Rank, column / 9]));
        Near(weight + change, changed);
    }

    [Fact]
    public void Rows_of_one_weight_go_to_the_weights_that_they_are()
    {
        string[] modules = ["to_q", "to_k", "to_v"];
        Matrix[] weights = [.. modules.Select((_, i) => Matrix.Random(4, 4, 10 + i))];
        (Matrix down, Matrix up) = (Matrix.Random(2, 4, 2), Matrix.Random(12, 2, 3));
        WrittenTensor[] tensors = [.. modules.Select((module, i) => weights[i].Written($"transformer_blocks.0.attn.{module}.weight"))];
        LoraFile file = _graph.Lora("a.safetensors", 1, down.Written("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"), up.Written("lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight"));

        for (int i = 0; i < modules.Length; i++)
        {
            Near(weights[i] + (up.Skip(4 * i).Take(4) * down), _graph.Changed("transformer", $"transformer_blocks.0.attn.{modules[i]}", [4, 4], tensors, file));
        }
    }

    [Fact]
    public void LoHa()
    {
        (Matrix a1, Matrix b1, Matrix a2, Matrix b2) = (Matrix.Random(Out, 2, 2), Matrix.Random(2, In, 3), Matrix.Random(Out, 2, 4), Matrix.Random(2, In, 5));
        (Matrix first, Matrix second) = (a1 * b1, a2 * b2);
        var product = Matrix.Of(Out, In, (row, column) => first[row, column] * second[row, column]);

        Near(_weight + (0.5 * 3 / 2 * product), Changed(0.5f, a1.Written($"{Flat}.hada_w1_a"), b1.Written($"{Flat}.hada_w1_b"), a2.Written($"{Flat}.hada_w2_a"), b2.Written($"{Flat}.hada_w2_b"), WrittenTensor.Of($"{Flat}.alpha", [3])));
    }

    [Fact]
    public void LoKr_with_a_factor_in_two_parts()
    {
        (Matrix outer, Matrix a, Matrix b) = (Matrix.Random(2, 2, 2), Matrix.Random(3, 1, 3), Matrix.Random(1, 2, 4));

        Near(_weight + (0.5 * 4 * Kronecker(outer, a * b)), Changed(0.5f, outer.Written($"{Flat}.lokr_w1"), a.Written($"{Flat}.lokr_w2_a"), b.Written($"{Flat}.lokr_w2_b"), WrittenTensor.Of($"{Flat}.alpha", [4])));
    }

    [Fact]
    public void LoKr_of_whole_factors_has_no_rank()
    {
        (Matrix outer, Matrix inner) = (Matrix.Random(2, 2, 2), Matrix.Random(3, 2, 3));

        Near(_weight + Kronecker(outer, inner), Changed(1, outer.Written($"{Flat}.lokr_w1"), inner.Written($"{Flat}.lokr_w2"), WrittenTensor.Of($"{Flat}.alpha", [4])));
    }

    [Fact]
    public void DoRA()
    {
        (Matrix down, Matrix up, Matrix magnitude) = (Matrix.Random(2, In, 2), Matrix.Random(Out, 2, 3), Matrix.Random(Out, 1, 4));
        Matrix changed = _weight + (0.5 * (up * down));
        var rescaled = Matrix.Of(Out, In, (row, column) => magnitude[row, 0] * changed[row, column] / Math.Sqrt(Enumerable.Range(0, In).Sum(k => changed[row, k] * changed[row, k])));

        Near(rescaled, Changed(0.5f, down.Written($"unet.{Module}.lora_A.weight"), up.Written($"unet.{Module}.lora_B.weight"), magnitude.Written($"unet.{Module}.lora_magnitude_vector", Out)));
    }

    [Fact]
    public void One_that_was_made_for_another_model_is_refused()
    {
        (Matrix down, Matrix up) = (Matrix.Random(2, In + 1, 2), Matrix.Random(Out, 2, 3));

        ModelFormatException size = Assert.Throws<ModelFormatException>(() => Changed(1, down.Written($"{Flat}.lora_down.weight"), up.Written($"{Flat}.lora_up.weight")));
        ModelFormatException name = Assert.Throws<ModelFormatException>(() => Changed(1, down.Written("lora_unet_other.lora_down.weight"), up.Written("lora_unet_other.lora_up.weight")));
        ModelFormatException kind = Assert.Throws<ModelFormatException>(() => Changed(1, down.Written($"{Flat}.diff")));
        ModelFormatException half = Assert.Throws<ModelFormatException>(() => Changed(1, up.Written($"{Flat}.lora_up.weight")));

        Assert.Contains($"'{Flat}.lora_down.weight' has the shape [2, 5], which does not fit the model's weight of shape [6, 4]", size.Problem, StringComparison.Ordinal);
        Assert.Contains("'lora_unet_other'", name.Problem, StringComparison.Ordinal);
        Assert.Contains($"'{Flat}.diff'", kind.Problem, StringComparison.Ordinal);
        Assert.Contains("no tensor 'down'", half.Problem, StringComparison.Ordinal);
    }

    private static string Flat => $"lora_unet_{Module.Replace('.', '_')}";

    private static Matrix Kronecker(Matrix outer, Matrix inner) =>
        Matrix.Of(outer.Rows * inner.Rows, outer.Columns * inner.Columns, (row, column) => outer[row / inner.Rows, column / inner.Columns] * inner[row % inner.Rows, column % inner.Columns]);

    private static void Near(Matrix expected, float[] found)
    {
        Assert.Equal(expected.Values.Length, found.Length);
        Assert.All(expected.Values.Zip(found), pair => Assert.InRange(pair.Second, pair.First - Tolerance, pair.First + Tolerance));
    }

    private WrittenTensor Weight() => _weight.Written($"{Module}.weight");

    private float[] Changed(float scale, params WrittenTensor[] tensors) => _graph.Changed("unet", Module, [Out, In], [Weight()], _graph.Lora("a.safetensors", scale, tensors));
}
