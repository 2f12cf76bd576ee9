using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>A graph of noise z and a class y, which draws z[0:3]/2 + y/4, a square of 2x2 pixels.</summary>
public class OnnxGeneratorTests
{
    // Two float32 roundings of values below 4; three float16 roundings of 2^-11 of them.
    [Theory]
    [InlineData("float32", 1e-6)]
    [InlineData("float16", 3 * 4 / 2048.0)]
    public void A_pipeline_without_a_predictor_draws_the_class_of_each_picture_in_one_pass(string model, double tolerance)
    {
        using DiffusionPipeline gan = Pipeline(model);
        GenerationResult result = gan.Generate(new GenerationRequest { ClassLabels = [3, 0, 7], Count = 3, Seed = 5 });
        Assert.Equal(0, result.Timings.EvaluationsPerImage);
        for (int i = 0; i < 3; i++)
        {
            var z = new float[4];
            new TorchCpuNoise(5L + i).Fill(z);
            double[] expected = [.. Enumerable.Range(0, 12).Select(pixel => (z[pixel / 4] / 2.0) + (((long[])[3, 0, 7])[i] / 4.0))];
            Assertions.Near(expected, result.Images[i].Pixels.Values(), tolerance);

            // And alone, from its own request.
            Assertions.SameBits(result.Images[i].Pixels.Values(), gan.Generate(result.Images[i].Request).Images[0].Pixels.Values());
        }
    }

    [Fact]
    public void Pictures_drawn_beside_each_other_do_not_mix()
    {
        using OnnxGenerator generator = Load("float32");
        Tensor<float>[] noise = [.. Enumerable.Range(0, 8).Select(i => Values.Tensor(i, 1 + (i % 2), 4, 1, 1))];
        var pictures = new Tensor<float>[noise.Length];
        Parallel.For(0, noise.Length, i => pictures[i] = generator.Decode(noise[i], Classes(noise[i].Lengths[0], i)));
        for (int i = 0; i < pictures.Length; i++)
        {
            Assertions.SameBits(generator.Decode(noise[i], Classes(noise[i].Lengths[0], i)).Values(), pictures[i].Values());
        }
    }

    [Fact]
    public void Its_latents_are_vectors() => Assert.Equal(LatentSpace.Vectors(4), Load("float32").LatentSpace);

    [Fact]
    public void A_request_without_a_class_is_refused()
    {
        using DiffusionPipeline gan = Pipeline("float32");
        Assert.Throws<ArgumentException>(() => gan.Generate(new GenerationRequest { Seed = 1 })).Says("float32.onnx", "'y'", "class_labels");
    }

    [Fact]
    public void A_class_that_it_does_not_know_is_refused()
    {
        using DiffusionPipeline gan = Pipeline("float32").ToBuilder().UseConditions(new ClassConditions(8)).Build();
        Assert.Throws<ArgumentOutOfRangeException>(() => gan.Generate(new GenerationRequest { ClassLabel = 8 })).Says("0 to 7");
    }

    [Fact]
    public void Noise_of_another_length_is_refused()
    {
        using OnnxGenerator generator = Load("float32");
        Assert.Throws<ArgumentException>("latents", () => generator.Decode(Values.Tensor(0, 1, 3, 1, 1), Classes(1, 0))).Says("[batch, 4, height, width]", "[1, 3, 1, 1]");
    }

    [Fact]
    public void A_decoder_of_latents_that_have_sides_is_refused() =>
        Assert.Throws<ModelFormatException>(() => Load("pictures")).Says("pictures.onnx", "'z' is [*, 4, *, *]", "[*, D, 1, 1]");

    private static DiffusionPipeline Pipeline(string model) =>
        DiffusionPipeline.CreateBuilder().UseLatentDecoder(Load(model)).UseDefaults(new GenerationDefaults { Width = 2, Height = 2 }).Build();

    private static OnnxGenerator Load(string model) => new(Fixture.Path($"generators/{model}.onnx"));

    private static DecodingContext Classes(nint count, int first) =>
        new(new GenerationRequest(), Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create([.. Enumerable.Range(first, (int)count).Select(label => (float)label)], [count]))));
}
