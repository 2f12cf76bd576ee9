using System.Numerics.Tensors;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.Diffusers.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Safetensors;
using DiffusionSharp.Text;

namespace DiffusionSharp.Diffusers.Tests.TextualInversions;

/// <summary>A word whose vectors are those of other words draws what these draw.</summary>
public sealed class TextualInversionTests : IDisposable
{
    private const int Channels = 32;
    private const string Original = "apple";

    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "Fixtures", "sd1");
    private static readonly int[] Ids = [.. ClipTokenizer.Load(Path.Combine(Model, "tokenizer")).Encode(Original)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<fruit>", null, "<fruit>")]
    [InlineData("<fruit>", "fruit-x", "fruit-x")]
    [InlineData("emb_params", "fruit-x", "fruit-x")]
    [InlineData("emb_params", null, "my-fruit")]
    public void It_draws_the_same(string tensor, string? token, string word)
    {
        string path = Write("my-fruit.safetensors", new WrittenTensor(tensor, "F16", [Ids.Length, Channels], Vectors()));

        Assert.Equal(Draw(Original), Draw(word, new TextualInversion(path, token)));
        Assert.NotEqual(Draw(Original), Draw(word));
    }

    [Fact]
    public void Two_words_follow_one_another()
    {
        string path = Write("a.safetensors", new WrittenTensor("<other>", "F16", [Channels], Vectors()[..(2 * Channels)]));
        string fruit = Write("b.safetensors", new WrittenTensor("<fruit>", "F16", [Ids.Length, Channels], Vectors()));

        Assert.Equal(Draw(Original), Draw("<fruit>", new TextualInversion(path), new TextualInversion(fruit)));
    }

    [Theory]
    [InlineData("<fruit>", 5L, "have 5 channels, but those of the model 32")]
    [InlineData("clip_g", 32L, "has vectors for a 'text_encoder_2', which this model does not have")]
    public void Vectors_of_another_model_are_refused(string tensor, long channels, string expected)
    {
        string path = Write("a.safetensors", new WrittenTensor(tensor, "F16", [1, channels], new byte[2 * channels]));

        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Draw("<fruit>", new TextualInversion(path))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        string lora = Path.Combine(AppContext.BaseDirectory, "Fixtures", "style.safetensors");

        Assert.Contains("none of a textual inversion", Assert.Throws<ModelFormatException>(() => Draw("<fruit>", new TextualInversion(lora))).Problem, StringComparison.Ordinal);
    }

    private static float[] Draw(string word, params TextualInversion[] words)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(Model, new DiffusersPipelineOptions { Variant = "fp16", TextualInversions = words });
        Tensor<float> latents = pipeline.Generate(new TextToImageRequest($"a red {word}") { Seed = 1, Steps = 2, Width = 64, Height = 64 }).Latents;
        var values = new float[latents.FlattenedLength];
        latents.FlattenTo(values);
        return values;
    }

    // Those of the original word's tokens.
    private static byte[] Vectors()
    {
        StoredTensor table = Checkpoint.Open(Path.Combine(Model, "text_encoder"), "model", "fp16").Tensors["text_model.embeddings.token_embedding.weight"];
        byte[] bytes = File.ReadAllBytes(table.Path)[(int)table.Offset..(int)(table.Offset + table.Length)];
        return [.. Ids.SelectMany(id => bytes[(2 * Channels * id)..(2 * Channels * (id + 1))])];
    }

    private string Write(string name, WrittenTensor tensor)
    {
        File.WriteAllBytes(_folder.File(name), WrittenTensor.File(tensor));
        return _folder.File(name);
    }
}
